// The board looks after itself: every 15 seconds it asks whether anything has changed.
(function (page) {
  var EVERY = 15000;
  var board = page.getElementById("board");
  var said = page.getElementById("as-of");
  var find = page.getElementById("q");
  var version, timer;
  if (!board || !window.fetch) return;
  version = board.dataset.version;

  function say(words) {
    if (said.textContent.trim() !== words) said.textContent = words;
  }
  function rows() {
    return board.firstElementChild.dataset;
  }
  // A press that is under way, or words being marked: the rows stay until the next look.
  function isInUse() {
    var marked = getSelection();
    var isMarked = !marked.isCollapsed && board.contains(marked.anchorNode);
    return isMarked || board.querySelector(":active, form[data-sent]") !== null;
  }
  function again(ids) {
    for (var i = 0; i < ids.length; i++) {
      var found = ids[i] && page.getElementById(ids[i]);
      if (found) return found.focus({ preventScroll: true });
    }
  }
  function show(html, etag) {
    var focused = board.contains(page.activeElement) ? page.activeElement : null;
    var ids = focused ? [focused.id, focused.dataset.else, "state-all"] : [];
    var wide = board.querySelector(".board-wrap");
    var aside = wide ? wide.scrollLeft : 0;
    board.innerHTML = html;
    version = etag;
    wide = board.querySelector(".board-wrap");
    if (wide) wide.scrollLeft = aside;
    if (focused) again(ids);
    say(rows().asOf.trim());
  }
  function answer(response) {
    if (response.type === "opaqueredirect") {
      say(board.dataset.out);
      return true;
    }
    if (response.status === 304) {
      say(rows().asOf.trim());
      return false;
    }
    if (response.status !== 200) throw response.status;
    return response.text().then(function (html) {
      if (!isInUse()) show(html, response.headers.get("ETag"));
    });
  }
  function look() {
    clearTimeout(timer);
    if (page.hidden) return;
    fetch(board.dataset.from, { headers: { "If-None-Match": version }, redirect: "manual" })
      .then(answer)
      .catch(function () {
        say(rows().lost);
      })
      .then(function (isOver) {
        if (!isOver) wait();
      });
  }
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(look, EVERY);
  }
  page.addEventListener("visibilitychange", look);
  // Back at a family after a check-in: the next ticket can be scanned at once. Going to the
  // family takes the focus away, until the page has loaded.
  addEventListener("load", function () {
    var isFree = page.activeElement === page.body;
    if (location.hash && find && isFree) find.focus({ preventScroll: true });
  });
  wait();
})(document);
