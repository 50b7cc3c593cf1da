// Says two minutes before it happens that the sign-in ends. Every page tells the others of this
// browser when that is; the server is asked first, for another device may have moved the end.
(function (page) {
  var EARLY = 120000, NEAR = 30000, KEY = "signed-in-until";
  var box = page.getElementById("stay");
  var words, end, known;
  if (!box || !window.fetch) return;
  words = box.firstElementChild;
  box.removeChild(words);
  box.classList.add("is-asked");

  function hear() {
    try {
      end = +localStorage.getItem(KEY) || end;
    } catch (e) {} // no store: this page alone
  }
  function set(left) {
    end = Date.now() + left * 1000;
    try {
      localStorage.setItem(KEY, end);
    } catch (e) {}
  }
  function show(what) {
    if (box.textContent === (what.textContent || what)) return;
    box.textContent = "";
    if (what) box.append(what);
    box.classList.toggle("is-on", what !== "");
  }
  function ask(url) {
    return fetch(url, { headers: { Accept: "application/json" }, redirect: "error" }).then(
      function (answer) {
        if (!answer.ok) throw answer;
        return answer.json();
      }
    );
  }
  function look() {
    hear();
    if (end - Date.now() > EARLY) return show("");
    if (Math.abs(end - known) < NEAR) return show(end > Date.now() ? words : box.dataset.over);
    known = end;
    ask(box.dataset.ask)
      .then(function (told) {
        set(told.left);
        known = end;
      })
      .catch(function () {})
      .then(look);
  }
  function say(words) {
    var said = page.getElementById("said");
    if (!said) return;
    said.textContent = words;
    setTimeout(function () {
      said.textContent = "";
    }, 10000);
  }
  function stay(event) {
    var link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    ask(link.href)
      .then(function (told) {
        set(told.left);
        look();
        say(told.said);
        page.getElementById("main").focus({ preventScroll: true });
      })
      .catch(function () {
        known = 0;
        look();
      });
  }
  known = 0;
  words.addEventListener("click", stay);
  set(+box.dataset.left);
  setInterval(look, 10000);
  page.addEventListener("visibilitychange", look);
  addEventListener("storage", look);
})(document);
