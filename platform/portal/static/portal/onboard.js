/* While a key or host is typed: say whether it is free, as the form will once it is sent. Without it 下一步 says the same. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-live]"), waiting = 0, asked = 0;
  if (!form) { return; }
  var key = form.elements.key, host = form.elements.host, own = host.value !== "" && host.value !== below(key.value);

  function below(text) { return text + "." + form.dataset.portal; }

  function told(box) {
    var line = document.getElementById(box.id + "_live");
    if (!line) {
      line = document.createElement("p");
      line.id = box.id + "_live";
      line.setAttribute("aria-live", "polite");
      box.parentNode.appendChild(line);
    }
    return line;
  }

  function show(box, said) {
    var line = told(box);
    line.className = said.is_good ? "meta" : "err";
    line.textContent = said.text;
  }

  function ask() {
    var number = ++asked;
    fetch(form.dataset.live + "?" + new URLSearchParams({ key: key.value, host: host.value }), { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (said) {
        // of two answers the later question's counts
        if (!said || number !== asked) { return; }
        show(key, said.key);
        show(host, said.host);
      })
      .catch(function () { /* the form says it */ });
  }

  form.addEventListener("input", function (event) {
    if (event.target === host) { own = host.value !== ""; }
    if (event.target === key && !own) { host.value = key.value ? below(key.value) : ""; }
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
})();
