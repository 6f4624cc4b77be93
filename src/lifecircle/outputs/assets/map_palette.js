"use strict";
// Lets the reader choose the colours of grades and shares: five classes, or green, yellow and red.
(function (lc) {
  const el = (...given) => lc.el(...given);

  // Classes of one colour are one class: `rows` from best to worst with `colour, least, codes`.
  lc.merged = function (rows) {
    const kept = [];
    rows.forEach((row) => {
      const last = kept[kept.length - 1];
      if (last && last.colour === row.colour)
        Object.assign(last, { least: row.least, codes: [...last.codes, ...row.codes] });
      else kept.push({ ...row });
    });
    return kept;
  };

  lc.palettePicker = function () {
    const choose = (palette) => () => {
      lc.state.palette = palette;
      lc.refresh();
    };
    const sample = (palette) => {
      const colours = new Set(lc.facts.colours.palettes[palette].share.map((row) => row[1]));
      return [...colours].map((background) => el("i", { style: { background } }));
    };
    return el(
      "div",
      { class: "lc-palette", role: "group", "aria-label": lc.t("palette") },
      Object.keys(lc.facts.colours.palettes).map((palette) =>
        lc.button(
          "palette" + palette,
          {
            title: lc.t(palette + "_hint"),
            "aria-pressed": lc.state.palette === palette ? "true" : "false",
            onclick: choose(palette),
          },
          el("span", { class: "lc-ramp", "aria-hidden": "true" }, sample(palette)),
          lc.t(palette),
        ),
      ),
    );
  };
})(window.lifecircle);
