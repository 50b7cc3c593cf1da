// For looking only: turns the picture and makes it lighter. Nothing is stored.
(function (page) {
  var room = page.getElementById("darkroom");
  var picture = page.getElementById("looked-at");
  var light = page.getElementById("darkroom-light");
  var turns = 0;
  if (!room || !picture || !light) return;
  room.hidden = false;

  function show() {
    var fits = turns % 2 ? picture.clientWidth / picture.clientHeight : 1;
    picture.style.transform = "rotate(" + turns * 90 + "deg) scale(" + Math.min(fits, 1) + ")";
    picture.style.filter = "brightness(" + light.value + "%)";
  }
  page.getElementById("darkroom-turn").addEventListener("click", function () {
    turns = (turns + 1) % 4;
    show();
  });
  light.addEventListener("input", show);
  page.getElementById("darkroom-back").addEventListener("click", function () {
    turns = 0;
    light.value = 100;
    show();
  });
})(document);
