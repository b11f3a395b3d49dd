/* The colours of the page follow what is typed, with the ratio of each pair; nothing is kept until the form is sent. */
"use strict";
(() => {
  const fixed = {
    white: "#FFFFFF", canvas: "#F7F6F2", halo: "#FFD45E", text: "#1C2320", muted: "#56605B", link: "#0B4F94", visited: "#5A3B8A",
    "tag ok": "#17653A", "tag warn": "#7A4700", "tag danger": "#A61E18", "tag info": "#0B4F94", "tag paused": "#5A3B8A", "tag neutral": "#454E4A",
  };
  const boxes = [...document.querySelectorAll("[data-colour]")];
  const before = Object.fromEntries(boxes.map((box) => [box.dataset.colour, box.value]));
  const valid = (text) => /^#[0-9a-f]{6}$/i.test(text);
  const light = (colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const now = () => Object.fromEntries(boxes.map((box) => {
    const typed = box.value.trim();
    return [box.dataset.colour, valid(typed) ? typed : before[box.dataset.colour]];
  }));
  const show = () => {
    const colours = now();
    const style = document.documentElement.style;
    const plain = document.documentElement.classList.contains("hc");
    for (const [name, colour] of Object.entries(colours)) {
      if (!plain) style.setProperty(`--${name}`, colour);
      document.querySelector(`[data-swatch="${name}"] rect`).setAttribute("fill", colour);
    }
    for (const line of document.querySelectorAll("[data-front]")) {
      const all = { ...fixed, ...colours };
      const found = ratio(all[line.dataset.front], all[line.dataset.ground]);
      const tag = line.querySelector(".tag");
      const passes = found >= Number(line.dataset.needed);
      line.querySelector("b").textContent = (Math.floor(found * 100) / 100).toFixed(2);
      tag.className = passes ? "tag ok" : "tag danger";
      tag.textContent = passes ? line.dataset.good : line.dataset.bad;
    }
  };
  for (const box of boxes) {
    const picker = document.createElement("input");
    picker.type = "color";
    picker.className = "picker";
    picker.value = valid(box.value) ? box.value : "#000000";
    picker.setAttribute("aria-label", document.querySelector(`label[for="${box.id}"]`).textContent.trim());
    picker.addEventListener("input", () => { box.value = picker.value.toUpperCase(); show(); });
    box.addEventListener("input", () => { if (valid(box.value.trim())) picker.value = box.value.trim(); show(); });
    box.after(picker);
  }
})();
