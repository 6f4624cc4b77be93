"use strict";
// Shows land that is not proposed, and why not: switched on in the view of leftover land.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const COLOURS = { refused: "#5b5f66", doubtful: "#b58900" };
  let group = null;
  let shapes = null;

  lc.startRefused = function (map) {
    group = L.layerGroup().addTo(map);
  };

  const shown = () =>
    lc.state.view === "land" && (lc.state.refused || (lc.state.selected || {}).kind === "refused");

  lc.drawRefused = function () {
    group.clearLayers();
    if (!shown()) return;
    shapes = shapes || lc.facts.refused.map(draw);
    shapes.forEach((shape) => shape.addTo(group));
  };

  function draw(row) {
    const colour = COLOURS[row.status] || lc.OTHER;
    const rings = lc.paths(row.rings, lc.COARSE);
    const flat = { color: colour, weight: 1.8, dashArray: "4 3", fillColor: colour, fillOpacity: 0.2 };
    // A plot is too small to be seen from afar, so a dot says where to look.
    const parts = [L.circleMarker(row.at, { ...flat, radius: rings.length ? 4 : 6 })];
    if (rings.length) parts.push(L.polygon(rings, { ...flat, fillRule: "nonzero" }));
    const shape = L.featureGroup(parts);
    shape.bindTooltip(() => el("span", {}, lc.plotTitle(row) + " · " + whyNot(row)), { opacity: 1 });
    return shape.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      lc.select("refused", row.parcel_id);
    });
  }

  lc.raiseRefused = () => group.eachLayer((shape) => shape.bringToFront());

  const whyNot = (row) => listOf("land_note", row.reasons) || lc.label("parcel_status", row.status);
  const { comma } = lc;
  const listOf = (domain, codes) => codes.map((code) => lc.label(domain, code)).join(comma());

  lc.plotTitle = (row) => row.name || lc.label("site_kind", row.kind) + " " + row.parcel_id;

  lc.withRefused = function (view) {
    const rows = lc.facts.refused;
    if (!rows.length) return view;
    const box = el("input", {
      type: "checkbox",
      "data-key": "showrefused",
      checked: Boolean(lc.state.refused),
      onchange: () => {
        lc.state.refused = box.checked;
        lc.refresh();
      },
    });
    const action = el(
      "label",
      { class: "lc-switch" },
      box,
      " ",
      lc.t("show_refused", { n: lc.number(rows.length) }),
    );
    if (!lc.state.refused) return { ...view, action };
    const items = Object.keys(COLOURS)
      .map((status) => ({
        colour: COLOURS[status],
        text: lc.label("parcel_status", status),
        count: rows.filter((row) => row.status === status).length,
        line: true,
      }))
      .filter((item) => item.count);
    const reasons = new Map();
    rows.forEach((row) =>
      row.reasons.forEach((code) => reasons.set(code, (reasons.get(code) || 0) + 1)),
    );
    const told = [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const notes = [
      lc.t("refused_why", {
        text: told.map(([code, n]) => lc.label("land_note", code) + " " + lc.number(n)).join(comma()),
      }),
    ];
    const list = {
      title: lc.t("not_proposed"),
      rows: rows.map((row) => ({
        kind: "refused",
        id: row.parcel_id,
        name: lc.plotTitle(row),
        text: row.area_m2 === null ? "—" : lc.t("m2", { n: lc.number(row.area_m2) }),
      })),
    };
    const legend = { ...view.legend, items: [...view.legend.items, ...items], notes };
    return { ...view, action, legend, list };
  };

  lc.refusedCard = function (id) {
    const row = lc.facts.refused.find((found) => found.parcel_id === id);
    const home = lc.facts.communities.find((found) => found.id === row.community_id);
    const told = [
      [lc.t("not_proposed_for"), whyNot(row)],
      [lc.t("community"), home ? lc.named(home) : null],
      [lc.t("land_area"), row.area_m2 === null ? null : lc.t("m2", { n: lc.number(row.area_m2) })],
      [lc.t("origin"), lc.label("parcel_origin", row.origin)],
      [lc.t("evidence"), row.evidence],
    ].filter((fact) => fact[1]);
    return [
      el("p", { class: "lc-card-kind" }, lc.t("parcel") + " · " + lc.label("parcel_status", row.status)),
      el("h2", {}, lc.plotTitle(row)),
      el("p", { class: "lc-card-sub" }, lc.label("site_kind", row.kind)),
      el(
        "dl",
        { class: "lc-facts" },
        told.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
      ),
    ];
  };
})(window.lifecircle);
