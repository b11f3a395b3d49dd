/* Says in time that a session ends because nothing is done, and leaves the page when it has. Typing is work, and is told to
   the server once a minute. Without it the server ends the session all the same.
   data-idle: where to ask and tell; data-left, data-warn: seconds; data-leave: where to sign in again. */
(function () {
  "use strict";
  var box = document.querySelector("[data-idle]"), timer = 0, told = 0, MINUTE = 60000;
  if (!box) { return; }
  var warn = Number(box.dataset.warn), form = box.querySelector("form");

  function plan(left) {
    window.clearTimeout(timer);
    box.hidden = left > warn;
    timer = window.setTimeout(ask, (left > warn ? left - warn : left) * 1000 + 500);
  }

  function send(how) {
    return window.fetch(box.dataset.idle, how).then(function (answer) {
      if (answer.status === 401) { window.location.replace(box.dataset.leave); return; }
      return answer.json().then(function (said) { plan(said.left); });
    }).catch(function () { timer = window.setTimeout(ask, MINUTE / 2); });
  }

  function ask() { send({ credentials: "same-origin" }); }

  function tell() {
    told = Date.now();
    send({ method: "POST", credentials: "same-origin", body: new FormData(form) });
  }

  document.addEventListener("input", function () { if (Date.now() - told > MINUTE) { tell(); } });
  form.addEventListener("submit", function (event) { event.preventDefault(); tell(); });
  plan(Number(box.dataset.left));
})();
