// Shows a button that hands the page to the phone's own sharing, where there is one. The address beside it works without.
"use strict";
if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    const field = document.getElementById(button.dataset.share);
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: button.dataset.title, url: field.value }).catch(() => {});
    });
  }
}
for (const field of document.querySelectorAll("input[readonly]")) {
  field.addEventListener("focus", () => field.select());
}
