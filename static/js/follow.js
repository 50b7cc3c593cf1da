// The page on the computer follows what happens on the phone that was sent a link.
(function (page) {
  var EVERY = 3000;
  var box = page.getElementById("follow");
  var looks = 1200; // an hour, as long as a link is good
  var timer;
  if (!box || !window.fetch) return;

  function say(words) {
    if (words && box.textContent !== words) box.textContent = words;
  }
  function show(told) {
    if (told.state === "sent") return location.assign(box.dataset.sentPage);
    say(box.dataset[told.state]);
    if (told.state !== "closed") soon();
  }
  function look() {
    clearTimeout(timer);
    if (page.hidden) return;
    fetch(box.dataset.from, { credentials: "same-origin", redirect: "manual" })
      .then(function (answer) {
        if (answer.type === "opaqueredirect") return say(box.dataset.out);
        if (!answer.ok) throw answer;
        return answer.json().then(show);
      })
      .catch(function () {
        say(box.dataset.lost);
        soon();
      });
  }
  function soon() {
    clearTimeout(timer);
    if (looks-- > 0) timer = setTimeout(look, EVERY);
  }
  page.addEventListener("visibilitychange", look);
  soon();
})(document);
