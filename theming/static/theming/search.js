/* Suggestions under a search field: a combobox with a list (WAI-ARIA 1.2). Without it the result page does the same.
   data-suggest: where to ask; data-fill: a choice fills the field instead of leading to the item. */
(function () {
  "use strict";
  var WAIT = 180, SHORTEST = 1;

  function combobox(field, number) {
    var list = document.createElement("ul"), timer = 0, asked = 0, chosen = -1, options = [];
    list.id = "suggestions-" + number;
    list.className = "suggest";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (document.querySelector('label[for="' + field.id + '"]') || field).textContent);
    list.hidden = true;
    (field.closest("form.search") || field.parentNode).appendChild(list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);

    function close() {
      list.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      options.forEach(function (option, place) { option.setAttribute("aria-selected", String(place === next)); });
      chosen = next;
      if (next < 0) { field.removeAttribute("aria-activedescendant"); return; }
      field.setAttribute("aria-activedescendant", options[next].id);
      options[next].scrollIntoView({ block: "nearest" });
    }

    function take(option) {
      if ("fill" in field.dataset) { field.value = option.textContent; close(); return; }
      window.location.assign(option.dataset.url);
    }

    function show(rows) {
      list.replaceChildren();
      options = rows.map(function (row, place) {
        var option = document.createElement("li");
        option.id = list.id + "-" + place;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = row.url;
        option.textContent = row.text;
        option.addEventListener("mousedown", function (event) { event.preventDefault(); });
        option.addEventListener("click", function () { take(option); });
        list.appendChild(option);
        return option;
      });
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
      list.hidden = !options.length;
      field.setAttribute("aria-expanded", String(options.length > 0));
    }

    function ask() {
      var words = field.value.trim(), mine = ++asked;
      if (words.length < SHORTEST) { close(); return; }
      fetch(field.dataset.suggest + "?q=" + encodeURIComponent(words), { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (found) { if (mine === asked && document.activeElement === field) { show(found.suggestions); } })
        .catch(close);
    }

    field.addEventListener("input", function (event) {
      window.clearTimeout(timer);
      if (!event.isComposing) { timer = window.setTimeout(ask, WAIT); }
    });
    field.addEventListener("compositionend", function () { window.clearTimeout(timer); timer = window.setTimeout(ask, WAIT); });
    field.addEventListener("blur", function () { asked++; window.clearTimeout(timer); close(); });
    field.addEventListener("keydown", function (event) {
      if (event.isComposing || list.hidden) { return; }
      if (event.key === "ArrowDown") { mark(chosen + 1 < options.length ? chosen + 1 : -1); }
      else if (event.key === "ArrowUp") { mark(chosen < 0 ? options.length - 1 : chosen - 1); }
      else if (event.key === "Enter" && chosen >= 0) { take(options[chosen]); }
      else if (event.key === "Escape") { close(); }
      else { return; }
      event.preventDefault();
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(combobox);
})();
