// The photo step: the camera in the page, a look at the picture, and the way to the server.
// Whatever breaks here, the plain form below it does the same.
(function (page) {
  var LONGEST = 1200, QUALITY = 0.85; // pixels, JPEG
  var LOOK = 300, SAY = 3500, PATIENCE = 10000; // milliseconds
  var WIDE = 96, HIGH = 128; // of the small picture that light and sharpness are measured on
  var FACE = { left: 0.19, right: 0.81, top: 0.15, bottom: 0.77 }; // where the oval is
  var box = page.getElementById("taker");
  var file = page.getElementById("id_photo");
  var native = page.getElementById("id_camera");
  var words = box && box.dataset;
  var key = words && words.owner + "/" + words.traveler;
  var hasCamera = !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  var facing = "user", device = "";
  var video, canvas, view, said, error, small, form;
  var state, stream, timer, last, seen, saidAt, photo, isKept, isFromCamera, isWeak, post, turn = 0;
  if (!box || !file || !native || !window.Promise || !window.fetch) return;

  function part(name) {
    return page.getElementById("taker-" + name);
  }
  function say(text, mood) {
    if (said.textContent !== text) said.textContent = text;
    said.className = "note" + (mood ? " note-" + mood : "");
    saidAt = Date.now();
  }
  function show(name, focused) {
    state = name;
    box.querySelectorAll("[data-in]").forEach(function (one) {
      one.hidden = one.dataset.in.split(" ").indexOf(name) < 0;
    });
    box.dataset.state = name;
    if (!hasCamera) part("open").hidden = true;
    form.hidden = name !== "start" && name !== "camera";
    if (focused) focused.focus();
  }
  // The phone's own camera app is offered where the camera in the page is none.
  function offerOwn() {
    native.closest(".field").hidden = false;
  }
  function begin(text, focused) {
    turn++;
    closeCamera();
    show("start", focused);
    say(text || "");
  }

  // --- The camera -------------------------------------------------------------------------
  function letGo(of) {
    of.getTracks().forEach(function (track) {
      track.onended = null;
      track.stop();
    });
  }
  function closeCamera() {
    clearInterval(timer);
    if (stream) letGo(stream);
    stream = video.srcObject = null;
  }
  function cannot(fault) {
    var kind = { NotAllowedError: "refused", NotFoundError: "absent" }[fault && fault.name];
    if (state !== "camera") return;
    hasCamera = !kind; // one that another program has may be free later
    offerOwn();
    begin(words[kind || "broken"], native);
  }
  function openCamera() {
    var wanted = { width: { ideal: 1600 }, height: { ideal: 1200 } };
    var mine = ++turn;
    if (device) wanted.deviceId = { exact: device };
    else wanted.facingMode = facing;
    clearError();
    closeCamera();
    show("camera", part("shutter"));
    part("switch").hidden = true;
    say(words.opening);
    view.dataset.seen = "";
    box.scrollIntoView({ block: "nearest" });
    navigator.mediaDevices
      .getUserMedia({ audio: false, video: wanted })
      .then(function (got) {
        if (mine !== turn) return letGo(got); // closed again meanwhile
        stream = got;
        useCamera(got.getVideoTracks()[0]);
        return video.play();
      })
      .catch(function (fault) {
        if (mine === turn) cannot(fault);
      });
  }
  function useCamera(track) {
    var settings = track.getSettings ? track.getSettings() : {};
    var opened = Date.now();
    facing = settings.facingMode || facing;
    view.classList.toggle("is-mirrored", settings.facingMode !== "environment");
    video.srcObject = stream;
    track.onended = cannot;
    last = seen = "";
    say(words.place);
    timer = setInterval(function () {
      if (video.videoWidth) look();
      else if (Date.now() - opened > PATIENCE) cannot();
    }, LOOK);
    navigator.mediaDevices.enumerateDevices().then(function (all) {
      var cameras = all.filter(function (one) {
        return one.kind === "videoinput";
      });
      part("switch").hidden = state !== "camera" || cameras.length < 2;
      part("switch").onclick = function () {
        if (settings.facingMode) {
          facing = settings.facingMode === "user" ? "environment" : "user";
        } else {
          device = after(cameras, settings.deviceId);
        }
        openCamera();
      };
    });
  }
  function after(cameras, id) {
    var ids = cameras.map(function (one) {
      return one.deviceId;
    });
    return ids[(ids.indexOf(id) + 1) % ids.length];
  }

  // --- What helps: light and a still hand. It says nothing of a face and stops nobody. ----
  function look() {
    var found;
    draw(small, video, WIDE, HIGH);
    found = measure(small.getContext("2d").getImageData(0, 0, WIDE, HIGH).data);
    view.dataset.seen = found;
    if (found === seen && found !== last && Date.now() - saidAt > SAY) {
      last = found;
      say(words[found], found === "good" ? "good" : "warn");
    }
    seen = found;
  }
  // The value that 98 of 100 are below.
  function brightest(values) {
    return values.sort(function (a, b) {
      return a - b;
    })[Math.floor(values.length * 0.98)];
  }
  function measure(pixels) {
    var grey = [], face = [], edges = 0, moved = 0, sum = 0, squares = 0;
    var before = measure.before || [];
    var x, y, i, here, spread;
    for (i = 0; i < WIDE * HIGH; i++) {
      grey[i] = 0.3 * pixels[i * 4] + 0.59 * pixels[i * 4 + 1] + 0.11 * pixels[i * 4 + 2];
    }
    for (y = Math.floor(HIGH * FACE.top); y < HIGH * FACE.bottom; y++) {
      for (x = Math.floor(WIDE * FACE.left); x < WIDE * FACE.right; x++) {
        i = y * WIDE + x;
        here = grey[i];
        face.push(here);
        sum += here;
        squares += here * here;
        edges += Math.abs(4 * here - grey[i - 1] - grey[i + 1] - grey[i - WIDE] - grey[i + WIDE]);
        moved += Math.abs(here - before[i]) || 0;
      }
    }
    measure.before = grey.slice();
    spread = Math.sqrt(Math.max(squares / face.length - Math.pow(sum / face.length, 2), 0)) + 1;
    // Very dark is a matter of the whole scene, never of a skin: a tenth of the light there can
    // be anywhere in the picture, and half of that in the oval.
    if (brightest(grey) < 89 && brightest(face) < 63) return "dark";
    if (moved / face.length / spread > 0.35) return "moving";
    if (edges / face.length / spread < 0.08) return "blurred";
    return "good";
  }

  // --- The picture ------------------------------------------------------------------------
  // The middle of `source` in the shape of `target`, as the page shows it.
  function draw(target, source, width, height) {
    var wide = source.videoWidth || source.width;
    var high = source.videoHeight || source.height;
    var scale = Math.max(width / wide, height / high);
    var pen = target.getContext("2d", { willReadFrequently: true });
    target.width = width;
    target.height = height;
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(
      source,
      (width - wide * scale) / 2, (height - high * scale) / 2, wide * scale, high * scale
    );
  }
  function drawWhole(source, isUpright) {
    var wide = source.videoWidth || source.width;
    var high = source.videoHeight || source.height;
    if (isUpright) wide = Math.min(wide, Math.round(high * 0.75));
    if (isUpright) high = Math.min(high, Math.round(wide / 0.75));
    var scale = Math.min(1, LONGEST / Math.max(wide, high));
    draw(canvas, source, Math.round(wide * scale), Math.round(high * scale));
  }
  // Some browsers give noise in place of what was drawn, so that nobody is recognised by it.
  function isHonest() {
    var pen = small.getContext("2d");
    pen.fillStyle = "#6496c8";
    pen.fillRect(0, 0, 8, 8);
    return pen.getImageData(0, 0, 8, 8).data.every(function (value, i) {
      return value === [100, 150, 200, 255][i % 4];
    });
  }
  function toBytes(blob) {
    return new Response(blob).arrayBuffer();
  }
  function shrunk() {
    return new Promise(function (resolve, reject) {
      if (!isHonest()) reject();
      canvas.toBlob(
        function (blob) {
          if (blob) resolve(toBytes(blob));
          else reject();
        },
        "image/jpeg",
        QUALITY
      );
    });
  }
  function drawBytes(bytes) {
    return createImageBitmap(new Blob([bytes])).then(function (bitmap) {
      drawWhole(bitmap);
      bitmap.close();
    });
  }
  function take() {
    if (!video.videoWidth) return say(words.opening);
    isFromCamera = true;
    drawWhole(video, true);
    closeCamera();
    accept(shrunk(), ++turn, words.taken);
  }
  // A file is read at once: some phones take it away again, and send nothing in its place.
  function choose(event) {
    var chosen = event.target.files[0];
    var text = words.taken;
    var mine;
    if (!chosen) return;
    isFromCamera = false;
    clearError();
    begin(words.reading);
    mine = turn;
    accept(
      toBytes(chosen).then(function (bytes) {
        event.target.value = "";
        return new Promise(function (resolve) {
          resolve(drawBytes(bytes)); // a browser without createImageBitmap, or a file it cannot read
        })
          .then(shrunk)
          .catch(function () {
            canvas.width = 0;
            text = words.unseen;
            return bytes;
          });
      }),
      mine,
      function () {
        return text;
      }
    );
  }
  function accept(coming, mine, text) {
    coming
      .then(function (bytes) {
        return sending.sha256(bytes).then(function (sum) {
          if (mine !== turn) return;
          photo = {
            key: key, uuid: sending.makeId(), bytes: bytes, size: bytes.byteLength,
            sha256: sum, at: Date.now(), isMeant: false,
          };
          store();
          review(text.call ? text() : text);
        });
      })
      .catch(function () {
        if (isFromCamera) hasCamera = false;
        offerOwn();
        begin(words.unread, file);
      });
  }
  function store() {
    return sending.keep(photo).then(
      function () {
        isKept = true;
      },
      function () {
        isKept = false;
      }
    );
  }
  function review(text) {
    show("review");
    canvas.hidden = !canvas.width;
    say(text);
    part("use").focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }
  function another() {
    if (post) post.stop();
    post = photo = null;
    sending.drop(key);
    if (isFromCamera && hasCamera) openCamera();
    else begin("", file);
  }

  // --- On its way -------------------------------------------------------------------------
  function use() {
    if (state !== "review") return;
    photo.isMeant = true;
    store();
    send(words.sending);
  }
  function send(text) {
    show("sending");
    canvas.hidden = !canvas.width;
    told(0, navigator.onLine === false ? 3 : 0);
    if (navigator.onLine !== false) say(text);
    part("going").focus({ preventScroll: true });
    post = sending.start(photo, words, told, over);
  }
  function told(have, failures, isWhole) {
    var bar = part("bar");
    var wasHalf = bar.value * 2 >= bar.max;
    if (have !== undefined) {
      bar.max = photo.size;
      bar.value = have;
      part("so-far").textContent = words.soFar
        .replace("{have}", Math.round(have / 1024))
        .replace("{all}", Math.round(photo.size / 1024));
    }
    part("now").hidden = failures < 3;
    if (failures === 3) say(isKept ? words.weak : words.weakOpen, "warn");
    else if (isWhole) say(words.arrived);
    else if (have && !failures && isWeak) say(words.sending);
    else if (have && !wasHalf && have * 2 >= photo.size) say(words.half);
    isWeak = failures > 2;
  }
  function over(answer) {
    var isHere = answer.state === "kept";
    post = null;
    isKept = true; // nothing is lost by leaving the page
    if (answer.state !== "ended") sending.drop(key);
    if (answer.state === "refused") return refuse(answer.words);
    show("over");
    canvas.hidden = !canvas.width;
    say(isHere ? words.kept : answer.words, isHere ? "good" : "turn");
    part("on").textContent = isHere ? words.goOn : words.again;
    part("on").href = isHere ? answer.page : location.pathname;
    part("on").focus({ preventScroll: true });
    if (isHere) goOn(answer.page);
  }
  // Whoever is signed out meanwhile is told that the photo is safe, not shown a sign-in page.
  function goOn(address) {
    fetch(address, { method: "HEAD", redirect: "manual", credentials: "same-origin" }).then(
      function (answer) {
        if (answer.type !== "opaqueredirect") return location.assign(address);
        say(words.out, "good");
        part("on").textContent = words.signIn;
      },
      function () {
        setTimeout(goOn, 3000, address);
      }
    );
  }
  function refuse(text) {
    var field = file.closest(".field");
    begin();
    error.textContent = text;
    error.hidden = false;
    field.classList.add("field-error");
    file.parentNode.insertBefore(error, file);
    file.setAttribute("aria-invalid", "true");
    file.setAttribute("aria-describedby", error.id);
    file.focus();
  }
  function clearError() {
    error.hidden = true;
    file.closest(".field").classList.remove("field-error");
    file.removeAttribute("aria-invalid");
    file.removeAttribute("aria-describedby");
  }

  // --- The page ---------------------------------------------------------------------------
  function resume() {
    sending
      .find(key)
      .then(function (found) {
        if (!found || state !== "start") return;
        photo = found;
        isKept = true;
        turn++;
        return new Promise(function (resolve) {
          resolve(drawBytes(found.bytes));
        })
          .catch(function () {
            canvas.width = 0;
          })
          .then(function () {
            if (photo !== found) return;
            if (found.isMeant) send(words.found);
            else review(words.foundOne);
          });
      })
      .catch(function () {});
  }
  function hurry() {
    if (post && !page.hidden) post.hurry();
    if (page.hidden && state === "camera" && stream) begin("");
  }
  function setUp() {
    video = part("video");
    canvas = part("picture");
    view = part("view");
    said = part("said");
    error = part("error");
    small = page.createElement("canvas");
    form = file.form;
    file.addEventListener("change", choose);
    native.addEventListener("change", choose);
    part("open").addEventListener("click", openCamera);
    part("shutter").addEventListener("click", take);
    part("close").addEventListener("click", function () {
      begin("", part("open"));
    });
    part("use").addEventListener("click", use);
    part("another").addEventListener("click", another);
    part("now").addEventListener("click", function () {
      if (post) post.hurry();
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && state === "camera") begin("", part("open"));
    });
    page.addEventListener("visibilitychange", hurry);
    addEventListener("online", hurry);
    addEventListener("pagehide", closeCamera);
    addEventListener("pageshow", function (event) {
      if (!event.persisted) return;
      if (post) post.stop();
      begin("");
      resume();
    });
    addEventListener("beforeunload", function (event) {
      if (post && !isKept) event.preventDefault();
    });
    form.classList.add("is-helped");
    box.hidden = false;
    native.closest(".field").hidden = hasCamera && !native.closest(".field-error");
    begin("");
    resume();
  }
  setUp();
})(document);
