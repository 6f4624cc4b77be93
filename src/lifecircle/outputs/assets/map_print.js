"use strict";
// Lays the map out on a sheet of paper: title, legend, north, scale, date and credits, no controls.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const SHEETS = { A4: [277, 190], A3: [400, 277] };
  const MM_PER_PIXEL = 25.4 / 96;
  const parts = {};
  let before = null;

  // Few fonts have a sign for a printer.
  lc.printSign = function () {
    const made = (tag, given) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(given).forEach(([name, value]) => node.setAttribute(name, value));
      return node;
    };
    const sign = made("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
    const drawn = "M4 5V1.5h8V5M4 11H1.5V5h13v6H12M4 9h8v5.5H4z";
    sign.append(made("path", { d: drawn, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }));
    return sign;
  };

  lc.startPrint = function (map) {
    parts.page = el("style", {});
    document.head.append(parts.page);
    // Whoever prints without asking for the sheet gets it all the same.
    let asked = false;
    window.addEventListener("beforeprint", () => {
      asked = Boolean(before);
      if (!asked) lc.openPrint("A4");
    });
    window.addEventListener("afterprint", () => !asked && close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && before && close());
    map.on("moveend", () => before && writeScale());
  };

  lc.openPrint = function (paper) {
    const { map } = lc;
    if (!before)
      before = { bounds: map.getBounds(), retina: L.Browser.retina, focus: document.activeElement };
    const seen = before.bounds;
    before.paper = paper;
    // Twice the corners of a screen: paper shows more.
    L.Browser.retina = true;
    document.body.classList.add("lc-paper");
    const [wide, high] = SHEETS[paper];
    document.body.style.setProperty("--sheet-wide", wide + "mm");
    document.body.style.setProperty("--sheet-high", high + "mm");
    parts.page.textContent = `@page { size: ${paper} landscape; margin: 10mm; }`;
    write();
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
    writeScale();
  };

  function close() {
    const { map } = lc;
    const { bounds, retina, focus } = before;
    before = null;
    L.Browser.retina = retina;
    document.body.classList.remove("lc-paper");
    parts.page.textContent = "";
    parts.sheet.remove();
    parts.bar.remove();
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false });
    if (focus && focus.isConnected) focus.focus();
  }

  function write() {
    const { meta } = lc.facts;
    const view = lc.views();
    const pressed = document.querySelector(".lc-view[aria-pressed=true]");
    const circle = document.querySelector(".lc-circles [aria-pressed=true]");
    const chosen = document.querySelector(".lc-pick select");
    const what = [pressed, circle].filter(Boolean).map((node) => node.textContent);
    if (chosen && chosen.value) what.push(chosen.selectedOptions[0].textContent);
    [parts.sheet, parts.bar].forEach((old) => old && old.remove());
    const date = meta.date ? lc.t("printed", { date: meta.date }) : "";
    const publicly = meta.release === "public";
    parts.scale = el("span", {});
    parts.sheet = el(
      "section",
      { class: "lc-sheet", "aria-label": lc.t("print") },
      el(
        "header",
        {},
        el("h1", {}, meta.title + " · " + what.join(" · ")),
        el("span", { class: "lc-stamp" }, lc.label("release", meta.release)),
      ),
      el("div", { class: "lc-north" }, el("i", {}, "▲"), lc.t("north")),
      el("div", { class: "lc-sheet-side" }, lc.legendParts(view)),
      el(
        "footer",
        {},
        parts.scale,
        el("span", {}, date),
        el("span", {}, lc.pick(meta.standard)),
        el("span", {}, [lc.tilesCredit(), meta.credit].filter(Boolean).join(" · ")),
        meta.china && meta.credit ? el("span", {}, lc.t("china_note")) : null,
        publicly ? el("span", {}, lc.t("sketch")) : null,
        publicly ? el("span", {}, lc.t("approval", { n: meta.approval || lc.t("pending") })) : null,
        publicly ? el("span", {}, lc.t("secrecy", { n: meta.secrecy || lc.t("pending") })) : null,
      ),
    );
    const size = (paper) =>
      lc.button(
        "paper" + paper,
        {
          "aria-pressed": before.paper === paper ? "true" : "false",
          onclick: () => {
            lc.openPrint(paper);
            parts.bar.querySelector(`[data-key=paper${paper}]`).focus();
          },
        },
        paper,
      );
    parts.bar = el(
      "section",
      { class: "lc-bar-print", "aria-label": lc.t("paper") },
      el("span", {}, lc.t("paper")),
      Object.keys(SHEETS).map(size),
      lc.button("printnow", { class: "lc-primary", onclick: () => window.print() }, lc.t("print_now")),
      lc.button("printclose", { onclick: close }, lc.t("print_close")),
    );
    document.body.prepend(parts.bar, parts.sheet);
    parts.bar.querySelector(".lc-primary").focus();
  }

  function writeScale() {
    const { map } = lc;
    const { lat } = map.getCenter();
    const metres = (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * Math.pow(2, map.getZoom()));
    const number = (metres * 1000) / MM_PER_PIXEL;
    const step = Math.pow(10, Math.floor(Math.log10(number)) - 1);
    const told = lc.number(Math.round(number / step) * step);
    parts.scale.textContent = lc.t("scale_of", { n: told, paper: before.paper });
  }
})(window.lifecircle);
