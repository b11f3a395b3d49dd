/* Choosing a ready text puts it into the reason at once; without this the button beside it does the same by the server. */
(function () {
  "use strict";

  function use(select) {
    var option = select.options[select.selectedIndex], text = option && option.dataset.text;
    var reason = document.getElementById(select.dataset.reason);
    if (!text || !reason) { return false; }
    if (reason.value.indexOf(text) < 0) {
      reason.value = reason.value.trim() ? reason.value.trim() + "\n" + text : text;
    }
    if (select.dataset.verdict && option.dataset.of) {
      document.getElementsByName(select.dataset.verdict).forEach(function (box) {
        if (box.type === "radio") { box.checked = box.value === option.dataset.of; } else { box.value = option.dataset.of; }
      });
    }
    return true;
  }

  document.querySelectorAll("select[data-reason]").forEach(function (select) {
    select.addEventListener("change", function () { use(select); });
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button[name=use]") : null;
    var select = button && button.parentNode.querySelector("select[data-reason]");
    if (select && use(select)) {
      event.preventDefault();
      document.getElementById(select.dataset.reason).focus();
    }
  });
})();
