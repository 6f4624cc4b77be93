"use strict";
// Shows service units: their outlines, their size against the band, the services they lack.
(function (lc) {
  const el = (...given) => lc.el(...given);
  let group = null;

  const shown = () => lc.facts.units.filter((row) => row.set === lc.state.unitset);
  const nameOf = (row) => row.name || row.id;

  lc.startUnits = function (map) {
    group = L.layerGroup().addTo(map);
    const first = lc.unitSets()[0];
    lc.state.unitset = first ? first.id : null;
  };

  // Sets in the order of the page: what is given first, then what is proposed.
  lc.unitSets = function () {
    const seen = new Map();
    lc.facts.units.forEach((row) => {
      if (seen.has(row.set)) return;
      const label = [0, 1].map((place) => {
        const origin = lc.facts.labels.unit_origin[row.origin][place];
        const minutes = lc.facts.words.minutes[place].replace("{n}", row.tier);
        return row.tier === null ? origin : origin + " · " + minutes;
      });
      seen.set(row.set, { id: row.set, label });
    });
    return [...seen.values()];
  };

  // In this view a click on a community means its unit.
  lc.unitAt = (community) =>
    lc.state.view === "units" ? shown().find((row) => row.members.includes(community)) : undefined;

  lc.unitView = function () {
    const rows = shown();
    const colourOf = new Map();
    rows.forEach((row) => row.members.forEach((id) => colourOf.set(id, fillOf(row))));
    const banded = rows.filter((row) => row.in_band);
    const count = (code) => rows.filter((row) => row.in_band === code).length;
    const ranked = [...rows].sort(
      (a, b) => (Number(b.people) || 0) - (Number(a.people) || 0) || (a.id < b.id ? -1 : 1),
    );
    return {
      requirements: [],
      strength: 0.62,
      fill: (row) => colourOf.get(row.id) || lc.gradeColour("none"),
      headline: {
        big: lc.number(rows.length),
        unit: lc.t("view_units"),
        small: banded.length
          ? lc.label("in_band", "within") + " " + lc.number(count("within")) + " / " + lc.number(rows.length)
          : "",
      },
      legend: {
        text: lc.t("legend_units"),
        items: banded.length
          ? [
              ...["below", "within", "above"].map((code) => ({
                colour: FILLS[code],
                text: lc.label("in_band", code),
                count: count(code),
              })),
              { colour: EDGE, text: lc.t("unit_edge"), count: rows.length, line: true },
            ]
          : [{ colour: EDGE, text: lc.t("unit_edge"), count: rows.length, line: true }],
      },
      list: {
        title: lc.t("largest_units"),
        rows: ranked.slice(0, 12).map((row) => ({
          kind: "unit",
          id: row.id,
          name: nameOf(row),
          text: lc.t("people", { n: lc.number(row.people) }),
          colour: fillOf(row),
        })),
      },
    };
  };
  // A fill says one thing: the size where there is a band, else only that neighbours differ.
  const FILLS = { below: "#f4a54a", within: "#8ecae6", above: "#7b3294" };
  const EDGE = "#1d3557";
  const fillOf = (row) => FILLS[row.in_band] || row.colour;

  lc.drawUnits = function () {
    group.clearLayers();
    if (lc.state.view !== "units") return;
    const { selected } = lc.state;
    shown().forEach((row) => {
      const mine = selected && selected.kind === "unit" && selected.id === row.id;
      L.polygon(lc.paths(row.rings, lc.COARSE), {
        interactive: false,
        fill: false,
        color: mine ? "#111827" : EDGE,
        weight: mine ? 5 : 2.6,
        opacity: 0.95,
      }).addTo(group);
    });
  };

  lc.raiseUnits = () => group.eachLayer((shape) => shape.bringToFront());

  lc.unitBounds = (id) => {
    const row = lc.facts.units.find((found) => found.id === id);
    return L.polygon(lc.paths(row.rings, lc.COARSE)).getBounds();
  };

  lc.unitCard = function (id) {
    const row = lc.facts.units.find((found) => found.id === id);
    const names = row.members.map((member) => {
      const community = lc.facts.communities.find((found) => found.id === member);
      return community ? lc.named(community) : member;
    });
    const told = [
      [lc.t("unit_members"), names.join(lc.comma())],
      [lc.t("unit_size"), size(row)],
      [lc.t("unit_cut"), row.cut_by.map((kind) => lc.label("barrier", kind)).join(lc.comma())],
      [lc.t("unit_walk"), row.walk_s === null ? "" : lc.t("minutes", { n: lc.minutesOf(row.walk_s) })],
      [lc.t("unit_whole"), row.connected ? "" : lc.t("unit_apart")],
    ].filter((fact) => fact[1]);
    return [
      el("p", { class: "lc-card-kind" }, lc.t("unit") + " · " + lc.label("unit_origin", row.origin)),
      el("h2", {}, nameOf(row)),
      el(
        "p",
        { class: "lc-card-sub" },
        [row.within, lc.t("people", { n: lc.number(row.people) })].filter(Boolean).join(" · "),
      ),
      el(
        "dl",
        { class: "lc-facts" },
        told.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
      ),
      row.services.length
        ? el("h3", {}, lc.t("unit_services") + " " + row.met + " / " + row.asked)
        : null,
      el("ul", { class: "lc-gaps" }, row.services.map(serviceItem)),
    ];
  };

  function size(row) {
    if (!row.in_band) return "";
    const band = row.band.map((value) => lc.number(value)).join("–");
    return lc.label("in_band", row.in_band) + " (" + band + ")";
  }

  function serviceItem(one) {
    const requirement = lc.requirementOf(one.requirement);
    const share = one.share === null ? "—" : Math.round(one.share * 100) + "%";
    const mark = one.met === null ? "" : one.met ? "✓ " : "✗ ";
    return el(
      "li",
      {},
      mark + (requirement ? lc.pick(requirement.label) : one.requirement) + " · " + share + " · ",
      lc.t("unit_inside", { n: lc.number(one.facilities) }),
    );
  }
})(window.lifecircle);
