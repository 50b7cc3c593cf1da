// Moves the bar of work in the background, and shows the page anew when it is over.
(function (page) {
  var box = page.getElementById("progress");
  var looks = 300; // then the link does; a page left open must not keep an officer signed in
  if (!box || !box.hasAttribute("data-open")) return;

  function show(told) {
    if (!told.open) return location.reload();
    box.querySelector("progress").value = told.done;
    box.querySelector("progress").max = told.total || 1;
    page.getElementById("progress-words").textContent = told.words;
    soon();
  }
  function look() {
    if (page.hidden) return soon();
    fetch("?progress", { credentials: "same-origin", redirect: "error" })
      .then(function (answer) {
        if (!answer.ok) throw answer;
        return answer.json();
      })
      .then(show)
      .catch(soon);
  }
  function soon() {
    if (looks-- > 0) setTimeout(look, 2000);
  }
  soon();
})(document);
