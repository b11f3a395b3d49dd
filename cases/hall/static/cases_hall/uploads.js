/* A file goes in parts as soon as it is chosen, and goes on where the line broke. Without it the same form sends it whole. */
(function () {
  "use strict";
  var WAITS = [1000, 3000, 8000], words = document.getElementById("upload-words").dataset;

  function token(form) { return form.querySelector("[name=csrfmiddlewaretoken]").value; }

  /* {url, offset} of what has begun, by the file: chosen again after a reload, it goes on */
  function remembered(form, file) { return ["upload", form.dataset.parts, file.name, file.size, file.lastModified].join("|"); }

  function ask(address, method, form, body, headers) {
    return window.fetch(address, {
      method: method, body: body, credentials: "same-origin",
      headers: Object.assign({ "X-CSRFToken": token(form) }, headers || {})
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (said) {
        return { status: answer.status, said: said };
      });
    });
  }

  function Sending(form, file) {
    var box = document.createElement("div"), bar = document.createElement("progress"), line = document.createElement("p");
    var again = document.createElement("button"), key = remembered(form, file), tries = 0, place = null, part = 0;
    box.className = "sending";
    bar.max = file.size;
    bar.setAttribute("aria-label", file.name);
    line.setAttribute("role", "status");
    again.type = "button";
    again.className = "btn out";
    again.textContent = words.again;
    again.hidden = true;
    box.append(bar, line, again);
    form.after(box);

    function say(text) { line.textContent = text; }

    function show(offset) {
      bar.value = offset;
      say(words.sending.replace("{n}", Math.floor(offset / file.size * 100)));
    }

    function stop(text, mayGoOn) {
      say(text);
      again.hidden = !mayGoOn;
      if (!mayGoOn) { window.sessionStorage.removeItem(key); form.hidden = false; }
    }

    function later() {
      if (tries < WAITS.length) {
        say(words.off);
        window.setTimeout(go, WAITS[tries]);
        tries += 1;
      } else { stop(words.wait, true); }
    }

    function taken(answer, next) {
      if (answer.status === 409 && typeof answer.said.offset === "number") { place.offset = answer.said.offset; return go(); }
      if (answer.status === 422 || answer.status === 413) { return stop(answer.said.problem || words.refused, false); }
      if (answer.status === 404) { window.sessionStorage.removeItem(key); place = null; return later(); }
      if (answer.status >= 400 || (!answer.said.url && typeof answer.said.offset !== "number" && !answer.said.next)) {
        return answer.said.problem ? stop(answer.said.problem, true) : later();
      }
      tries = 0;
      return next(answer.said);
    }

    function begin() {
      var body = new FormData();
      body.append("name", file.name);
      body.append("size", file.size);
      return ask(form.dataset.parts, "POST", form, body).then(function (answer) {
        return taken(answer, function (said) {
          place = { url: said.url, offset: said.offset };
          part = said.part;
          window.sessionStorage.setItem(key, JSON.stringify({ url: said.url, part: part }));
          return go();
        });
      });
    }

    function finish() {
      var body = new FormData(), box = form.querySelector("[name=keep]");
      if (box && box.checked) { body.append("keep", "on"); }
      say(words.check);
      return ask(place.url + "finish/", "POST", form, body).then(function (answer) {
        return taken(answer, function (said) {
          window.sessionStorage.removeItem(key);
          window.location.assign(said.next);
          if (said.next.split("#")[0] === window.location.pathname + window.location.search) { window.location.reload(); }
        });
      });
    }

    function send() {
      show(place.offset);
      if (place.offset >= file.size) { return finish(); }
      return ask(place.url, "PUT", form, file.slice(place.offset, place.offset + part), {
        "Content-Type": "application/octet-stream", "Upload-Offset": String(place.offset)
      }).then(function (answer) {
        return taken(answer, function (said) { place.offset = said.offset; return send(); });
      });
    }

    function go() {
      again.hidden = true;
      var known = window.sessionStorage.getItem(key);
      if (!place && known) {
        known = JSON.parse(known);
        part = known.part;
        return ask(known.url, "GET", form).then(function (answer) {
          return taken(answer, function (said) { place = { url: known.url, offset: said.offset }; return send(); });
        }).catch(later);
      }
      return (place ? send() : begin()).catch(later);
    }

    again.addEventListener("click", function () { tries = 0; go(); });
    window.addEventListener("online", function () { if (!again.hidden) { tries = 0; go(); } });
    form.hidden = true;
    go();
  }

  document.addEventListener("change", function (event) {
    var box = event.target, form = box.form;
    if (box.type !== "file" || !form || !form.dataset.parts || !window.fetch || !window.sessionStorage) { return; }
    document.querySelectorAll(".sending").forEach(function (old) { if (old.previousElementSibling === form) { old.remove(); } });
    /* several become one PDF: the form sends them together */
    if (box.files.length === 1) { Sending(form, box.files[0]); }
  });
})();
