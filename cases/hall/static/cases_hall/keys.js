/* Single keys on a case at the desk: what carries data-key is found by its key. A link that turns a page is followed;
   an act is only brought into focus, so that no slip decides a case. Never inside a field, never with a modifier.
   The page leaves this script out when the clerk has switched it off (WCAG 2.1.4). */
(function () {
  "use strict";
  var ACTS = "form.acts, .note .acts";

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  document.querySelectorAll("[data-key]").forEach(function (element) {
    element.setAttribute("aria-keyshortcuts", element.dataset.key === "+" ? "Plus" : element.dataset.key);
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) { return; }
    var help = document.getElementById("keys"), key = event.key === "=" ? "+" : event.key;
    if (key === "?" && help) {
      help.open = !help.open;
      if (help.open) { help.querySelector("summary").focus(); }
      event.preventDefault();
      return;
    }
    if (key.length !== 1 || /["\\]/.test(key)) { return; }
    var found = document.querySelector('[data-key="' + key + '"]');
    if (!found) { return; }
    event.preventDefault();
    if (found.closest(ACTS)) { found.focus(); } else { found.click(); }
  });
})();
