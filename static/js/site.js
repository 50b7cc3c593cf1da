(function (page) {
  var said = page.getElementById("said");
  var summary = page.querySelector(".error-summary");
  page.documentElement.classList.add("js");
  if (summary) summary.focus();

  function say(words) {
    if (said) said.textContent = words;
  }
  function free(form) {
    delete form.dataset.sent;
    say("");
  }
  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    say(page.body.dataset.sent);
    setTimeout(free, 10000, form);
    // Whoever has this phone next finds no photo on it.
    if (/\/logout\//.test(form.action)) indexedDB.deleteDatabase("photos");
  });
  // The back button can bring a page back with its form still marked.
  addEventListener("pageshow", function () {
    page.querySelectorAll("form[data-sent]").forEach(free);
  });
})(document);
