/* Makes or uses a passkey: a form with data-passkey (create, get) and data-options (JSON) carries the browser's answer.
   Without scripts, or where a browser has no passkeys, the form stays hidden and codes do the same. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) { return; }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    var key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) { key.user.id = bytes(key.user.id); }
    (key.excludeCredentials || []).concat(key.allowCredentials || []).forEach(function (known) { known.id = bytes(known.id); });
    return options;
  }

  function closed(credential) {
    var said = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { said[name] = text(credential.response[name]); }
    });
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said, clientExtensionResults: {}
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var failed = form.querySelector("[data-failed]");
    form.hidden = false;
    document.querySelectorAll("[data-no-passkey]").forEach(function (words) { words.hidden = true; });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      navigator.credentials[form.dataset.passkey](opened(JSON.parse(form.dataset.options))).then(function (credential) {
        form.elements.passkey.value = closed(credential);
        form.submit();
      }).catch(function () { failed.hidden = false; });
    });
  });
})();
