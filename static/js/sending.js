// Keeps a photo on this phone until the server has it, and sends it there piece by piece.
var sending = (function () {
  var FIRST = 16384, LEAST = 2048, MOST = 262144; // bytes of a piece
  var QUICK = 2000, STALL = 20000, WEEK = 604800000; // milliseconds
  var PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
  var ENDS = ["kept", "refused", "ended", "closed"];

  // --- On this phone: one photo for each traveler of each account -------------------------
  function withPhotos(work) {
    return new Promise(function (resolve, reject) {
      var opening = indexedDB.open("photos", 1);
      setTimeout(reject, 3000); // some browsers never answer
      opening.onupgradeneeded = function () {
        opening.result.createObjectStore("photos", { keyPath: "key" });
      };
      opening.onerror = opening.onblocked = reject;
      opening.onsuccess = function () {
        var base = opening.result;
        var change, asked;
        try {
          change = base.transaction("photos", "readwrite");
          asked = work(change.objectStore("photos"));
        } catch (fault) {
          base.close();
          return reject(fault);
        }
        change.oncomplete = function () {
          base.close();
          resolve(asked.result);
        };
        change.onabort = function () {
          base.close();
          reject(change.error);
        };
      };
    });
  }
  function keep(photo) {
    return withPhotos(function (photos) {
      return photos.put(photo);
    });
  }
  function drop(key) {
    return withPhotos(function (photos) {
      return photos.delete(key);
    }).catch(function () {});
  }
  function find(key) {
    return withPhotos(function (photos) {
      var all = photos.getAll();
      all.onsuccess = function () {
        all.result.forEach(function (one) {
          if (one.at < Date.now() - WEEK) photos.delete(one.key);
        });
      };
      return all;
    }).then(function (all) {
      return all.find(function (one) {
        return one.key === key && one.at >= Date.now() - WEEK;
      });
    });
  }

  // --- What it is called ------------------------------------------------------------------
  function hex(bytes) {
    return Array.from(new Uint8Array(bytes), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }
  function makeId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  function fraction(number) {
    return ((number % 1) * 4294967296) | 0;
  }
  function turn(word, bits) {
    return (word >>> bits) | (word << (32 - bits));
  }
  // Pages that do not come over https, as on a local network, have no crypto.subtle.
  function ownSha256(bytes) {
    var padded = new Uint8Array((((bytes.byteLength + 8) >> 6) + 1) << 6);
    var view = new DataView(padded.buffer);
    var sums = new Int32Array(8), start = [], cubes = [], words = new Int32Array(64);
    var n, d, i, at, s, a, b;
    for (n = 2; cubes.length < 64; n++) {
      for (d = 2; n % d; d++);
      if (d < n) continue;
      start.push(fraction(Math.sqrt(n)));
      cubes.push(fraction(Math.cbrt(n)));
    }
    sums.set(start.slice(0, 8));
    padded.set(new Uint8Array(bytes));
    padded[bytes.byteLength] = 128;
    view.setUint32(padded.length - 4, bytes.byteLength * 8);
    for (at = 0; at < padded.length; at += 64) {
      s = Array.from(sums);
      for (i = 0; i < 64; i++) {
        a = words[i - 15];
        b = words[i - 2];
        words[i] =
          i < 16
            ? view.getInt32(at + i * 4)
            : (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 16] + words[i - 7] +
              (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
        a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + cubes[i] + words[i];
        a += (s[4] & s[5]) ^ (~s[4] & s[6]);
        b = turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22);
        b += (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        s.unshift((a + b) | 0);
        s[4] = (s[4] + a) | 0;
        s.pop();
      }
      for (i = 0; i < 8; i++) sums[i] += s[i];
    }
    for (i = 0; i < 8; i++) view.setInt32(i * 4, sums[i]);
    return hex(padded.buffer.slice(0, 32));
  }
  function sha256(bytes) {
    if (!crypto.subtle) return Promise.resolve(ownSha256(bytes));
    return crypto.subtle.digest("SHA-256", bytes).then(hex);
  }

  // --- To the server ----------------------------------------------------------------------
  // Calls told(have, failures in a row, is all here) as it goes on and over(answer) at the end.
  function start(photo, box, told, over) {
    var piece = FIRST, failures = 0, isWhole = false, isStopped = false;
    var call, have, timer;

    function ask(method, query, body) {
      return new Promise(function (resolve, reject) {
        var stalled;
        call = new XMLHttpRequest();
        function alive() {
          clearTimeout(stalled);
          stalled = setTimeout(reject, STALL);
        }
        call.open(method, box.uploads + photo.uuid + "/" + query);
        call.setRequestHeader("Photo-Ticket", box.ticket);
        if (body) {
          call.setRequestHeader("Content-Type", "application/octet-stream");
          call.setRequestHeader("Upload-Offset", have);
        }
        call.upload.onprogress = call.onprogress = alive;
        call.onload = function () {
          try {
            resolve(JSON.parse(call.responseText));
          } catch (e) {
            reject(e); // a gateway's own page
          }
        };
        call.onerror = call.onabort = reject;
        call.onloadend = function () {
          clearTimeout(stalled);
        };
        call.send(body);
        alive();
      });
    }
    function next() {
      var body = null, began = Date.now();
      timer = 0;
      if (isWhole) return ask("GET", "").then(hear, fail);
      if (have === undefined) {
        return ask("PUT", "?size=" + photo.size + "&sha256=" + photo.sha256).then(hear, fail);
      }
      body = photo.bytes.slice(have, have + piece);
      ask("PATCH", "", body).then(
        function (answer) {
          var isQuick = Date.now() - began < QUICK && body.byteLength === piece;
          // No byte further, as when some were changed on the way: not at once again.
          if (answer.state === "receiving" && !(answer.have > have)) return fail(answer);
          failures = 0;
          if (isQuick) piece = Math.min(MOST, piece * 2);
          hear(answer);
        },
        function () {
          piece = Math.max(LEAST, piece / 2);
          fail();
        }
      );
    }
    function hear(answer) {
      if (isStopped) return;
      if (ENDS.indexOf(answer.state) >= 0) {
        stop();
        return over(answer);
      }
      if (answer.state === "arrived") {
        have = photo.size;
        isWhole = true;
        told(have, 0, true);
        return pause(2);
      }
      if (answer.state !== "receiving") return fail(answer);
      have = answer.have;
      told(have, failures, false);
      next();
    }
    function fail(answer) {
      if (isStopped) return;
      call.abort();
      if (answer && answer.state === "other") {
        photo.uuid = makeId();
        keep(photo).catch(function () {});
      }
      told(have, ++failures, isWhole);
      isWhole = false;
      have = undefined; // the server says where to go on
      pause(PAUSES[Math.min(failures, PAUSES.length) - 1]);
    }
    function pause(seconds) {
      timer = setTimeout(next, seconds * 1000);
    }
    function hurry() {
      if (!timer) return;
      clearTimeout(timer);
      next();
    }
    function stop() {
      isStopped = true;
      clearTimeout(timer);
      timer = 0;
      if (call) call.abort();
    }
    next();
    return { hurry: hurry, stop: stop };
  }

  return {
    keep: keep, drop: drop, find: find, makeId: makeId,
    sha256: sha256, ownSha256: ownSha256, start: start,
  };
})();
