"use strict";
// Writes what stands under the view buttons: headline, legend, list, layer switches, data notes.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const EDGE = "#4a5361";

  lc.button = function (key, options, ...children) {
    return el("button", { type: "button", "data-key": key, ...options }, ...children);
  };

  // What the map shows now: its number and its legend, as the panel and the printed sheet have it.
  lc.legendParts = function (view) {
    const { headline, legend } = view;
    return [
      el(
        "div",
        { class: "lc-headline" },
        el("span", { class: "lc-quiet" }, lc.t("whole_area") + " · " + headline.unit),
        el("div", {}, el("strong", {}, headline.big), lc.gradeChip(headline.chip)),
        el("span", { class: "lc-quiet" }, headline.small),
      ),
      el("h2", {}, lc.t("legend")),
      el("ul", { class: "lc-legend" }, legend.items.map(legendItem)),
      el("p", { class: "lc-explain" }, legend.text),
      (legend.notes || []).map((note) => el("p", { class: "lc-explain" }, note)),
      extraLegend(view),
    ];
  };

  lc.details = function (view) {
    const listed = [view.list, view.more].filter((list) => list && list.rows.length);
    return [
      lc.legendParts(view),
      view.action || null,
      listed.map(({ title, rows }) => [
        el("h2", {}, title),
        el("ul", { class: "lc-list" }, rows.map(listItem)),
      ]),
      el("h2", {}, lc.t("palette")),
      lc.palettePicker(),
      el("h2", {}, lc.t("layers")),
      toggles(),
      about(),
    ];
  };

  function legendItem(item) {
    return el(
      "li",
      {},
      el("i", {
        class: ["lc-swatch", ...["round", "line", "square"].map((kind) => (item[kind] ? "lc-" + kind : ""))]
          .filter(Boolean)
          .join(" "),
        style: item.line ? { borderColor: item.colour } : { background: item.colour },
      }),
      el("span", { class: "lc-legend-text" }, item.text),
      el("span", { class: "lc-quiet" }, item.range || ""),
      el("span", { class: "lc-count" }, item.count === undefined ? "" : item.count),
    );
  }

  // Homes and facilities drawn in several colours explain themselves too.
  function extraLegend(view) {
    const colours = lc.facts.colours;
    const items = [];
    const lines = [[EDGE, lc.t("edge_community")]];
    const areas = lc.areaLegend();
    const circles = lc.isShown("isochrones") && lc.layers.isochrones.has(view.requirement);
    if (circles && !areas.length)
      lines.push([colours.base.isochrone, lc.t("isochrones")]);
    const served = lc.layers.homes ? lc.servedColours(lc.layers.homes) : null;
    if (served) items.push(...lc.servedLegend());
    else if (lc.layers.homes && lc.isShown("homes")) {
      const drawn = new Set(lc.homeColours(lc.layers.homes, view));
      if (drawn.has(colours.base.covered_home))
        items.push([colours.base.covered_home, lc.t("home_covered")]);
      lc.layers.homes.reasons
        .filter((code) => drawn.has(colours.reason[code]))
        .forEach((code) => items.push([colours.reason[code], lc.label("reason", code)]));
    }
    if (lc.isShown("facilities")) {
      const drawn = lc.facts.facilities.filter(
        (row) => !view.service || row.service === view.service,
      );
      const count = (asked) => drawn.filter((row) => row.service === asked).length;
      const named = lc.facts.services.map(([service]) => service).filter(count);
      named.forEach((service) =>
        items.push([
          colours.service[service],
          lc.serviceName(service) + lc.t("facility_suffix"),
          count(service),
        ]),
      );
      const others = drawn.filter((row) => !named.includes(row.service)).length;
      if (others) items.push([lc.OTHER, lc.t("facilities_other"), others]);
      if (drawn.some((row) => row.status && row.status !== "existing"))
        items.push(["rgba(60,60,60,0.3)", lc.t("facilities_to_come")]);
    }
    const seen = new Set();
    const rows = items.filter(([colour]) => !seen.has(colour) && seen.add(colour));
    return el(
      "ul",
      { class: "lc-legend lc-legend-extra" },
      areas.map(legendItem),
      rows.map(([colour, text, count]) => legendItem({ colour, text, count, round: true })),
      lines.map(([colour, text]) => legendItem({ colour, text, line: true })),
    );
  }

  function listItem(row) {
    const open = () => lc.select(row.kind, row.id, true);
    return el(
      "li",
      {},
      lc.button(
        "list" + row.kind + row.id,
        { onclick: open },
        el("span", { class: "lc-list-name" }, row.name),
        row.colour ? el("i", { class: "lc-swatch", style: { background: row.colour } }) : null,
        el("span", { class: "lc-list-value" }, row.text),
      ),
    );
  }

  function toggles() {
    const names = ["facilities", "isochrones", "homes", "buildings", "names"].filter(
      (name) => name !== "homes" || lc.layers.homes,
    );
    return el(
      "div",
      { class: "lc-toggles" },
      names.map((name) => {
        const box = el("input", {
          type: "checkbox",
          "data-key": "layer" + name,
          checked: lc.isShown(name),
          onchange: () => {
            lc.state.shown[name] = box.checked;
            lc.refresh();
          },
        });
        const off = name === "isochrones" && !lc.views().requirement;
        if (off) box.disabled = true;
        const hint = name === "buildings" ? el("small", {}, lc.t("buildings_hint")) : null;
        return el("label", {}, box, el("span", {}, lc.t(name)), hint);
      }),
      lc.tilesSwitch(),
    );
  }

  function about() {
    const { meta } = lc.facts;
    const isPublic = meta.release === "public";
    const pending = lc.t("pending");
    return el(
      "details",
      { class: "lc-about" },
      el("summary", { "data-key": "about" }, lc.t("about")),
      el("p", {}, lc.t("standard", { name: lc.pick(meta.standard) })),
      meta.china && meta.credit ? el("p", {}, lc.t("china_note")) : null,
      isPublic ? el("p", {}, lc.t("sketch")) : null,
      isPublic ? el("p", {}, lc.t("approval", { n: meta.approval || pending })) : null,
      isPublic ? el("p", {}, lc.t("secrecy", { n: meta.secrecy || pending })) : null,
      isPublic ? el("p", {}, lc.t("few")) : null,
      meta.sources.length ? el("h3", {}, lc.t("sources")) : null,
      el(
        "ul",
        {},
        meta.sources.map((row) => el("li", {}, row.filter(Boolean).join(" · "))),
      ),
      meta.warnings.length ? el("h3", {}, lc.t("warnings")) : null,
      el(
        "ul",
        {},
        meta.warnings.map((text) => el("li", {}, text)),
      ),
    );
  }
})(window.lifecircle);
