/* Conditional questions: shown as soon as the answer that opens them is given. Without it the next page load does the same.
   data-when: the name of the deciding box; data-values: the values that open, as JSON. A closed one is disabled, so that
   it is neither sent nor asked for. */
(function () {
  "use strict";

  function value(form, name) {
    var boxes = form.elements[name], found = "";
    if (!boxes) { return ""; }
    if (boxes.tagName === "SELECT") { return boxes.value; }
    Array.prototype.forEach.call(boxes.length === undefined ? [boxes] : boxes, function (box) {
      if ((box.type !== "radio" || box.checked) && !box.matches(":disabled")) { found = box.value; }
    });
    return found;
  }

  function update(form) {
    // in the page's order, so that a chain closes as a whole
    form.querySelectorAll("[data-when]").forEach(function (part) {
      var given = value(form, part.dataset.when);
      part.hidden = part.disabled = JSON.parse(part.dataset.values).indexOf(given) < 0;
    });
  }

  document.querySelectorAll("form").forEach(function (form) {
    if (!form.querySelector("[data-when]")) { return; }
    form.addEventListener("change", function () { update(form); });
    update(form);
  });
})();
