/* Turning pages beside the answers without loading the whole page again. Without it the same links load the page. */
(function () {
  "use strict";

  function isViewerLink(link) {
    return link.hash === "#viewer" && link.pathname === window.location.pathname && !link.target;
  }

  function show(address, isBack, key) {
    return window.fetch(address, { credentials: "same-origin", redirect: "error" }).then(function (answer) {
      if (!answer.ok) { throw new Error("not shown"); }
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.querySelector(".bench .stick");
      var old = document.querySelector(".bench .stick");
      if (!fresh || !old) { throw new Error("not shown"); }
      old.replaceWith(document.adoptNode(fresh));
      if (!isBack) { window.history.pushState({ viewer: true }, "", address); }
      var again = key && fresh.querySelector('[data-key="' + key + '"]');
      (again || fresh.querySelector(".view-page") || fresh).focus({ preventScroll: true });
    });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".bench a") : null;
    if (!link || !isViewerLink(link) || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    show(link.href, false, link.dataset.key || "").catch(function () { window.location.assign(link.href); });
  });
  window.addEventListener("popstate", function () {
    if (!document.querySelector("#viewer")) { return; }
    show(window.location.href, true, "").catch(function () { window.location.reload(); });
  });
})();
