/* A job's page follows it: what it shows is fetched anew until there is nothing left to wait for. Without it there is a link. */
(function () {
  "use strict";

  var SECONDS = 2, shown = document.getElementById("job");

  function look() {
    fetch(location.href, {credentials: "same-origin"}).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("job");
      if (!fresh) { return; }
      shown.replaceWith(fresh);
      shown = fresh;
      if (fresh.dataset.moving) { later(); }
    }).catch(later);
  }

  function later() { setTimeout(look, SECONDS * 1000); }

  later();
})();
