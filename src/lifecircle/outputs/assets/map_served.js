"use strict";
// Shows whom a facility serves: the areas within its limits with their people, and the homes it is
// the nearest one of, for one of its requirements.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const INSIDE = "#0b7a5b";
  const OUTSIDE = "#14181f"; // dark, for every colour is a grade, a reason or a service

  const AREA_INK = "#3b1a63";
  // Areas lie on one another, so the smallest is the darkest by itself.
  const AREA_TONES = ["#5b2a86", "#a07bc9", "#c4abe0", "#dccfee"];

  const picked = function () {
    const { selected } = lc.state;
    if (!selected || selected.kind !== "facility") return null;
    return lc.facts.facilities.find((found) => found.facility_id === selected.id) || null;
  };
  const chosen = function () {
    const row = picked();
    return row && row.served.length ? row : null;
  };

  // Areas come smallest first: [[[minutes, metres, people], ...], profile, audience, rings].
  const areasOf = (row) =>
    row.areas.map(([limits, profile, audience, rings], place) => {
      const who = profile === "gb" ? "" : " (" + lc.label("profile", profile) + ")";
      const limit = ([minutes, metres]) => lc.limitText({ minutes, limit_m: metres }) + who;
      const people = limits.map((one) =>
        lc.t("area_people", { limit: limit(one), n: lc.number(one[2]) }),
      );
      const colour = AREA_TONES[Math.min(place, AREA_TONES.length - 1)];
      return { limit: limits.map(limit).join(" / "), people: people.join(" · "), audience, rings, colour };
    });

  lc.areaList = function (row) {
    const areas = areasOf(row);
    if (!areas.length) return null;
    const some = areas.find(({ audience }) => audience !== "anyone");
    return [
      el("h3", {}, lc.t("areas")),
      el(
        "ul",
        { class: "lc-legend" },
        areas.map(({ people, colour }) =>
          el(
            "li",
            {},
            el("i", { class: "lc-swatch", style: { background: colour } }),
            el("span", { class: "lc-legend-text" }, people),
          ),
        ),
      ),
      some
        ? el("p", { class: "lc-quiet" }, lc.t("area_for_some", { text: lc.label("audience", some.audience) }))
        : null,
    ];
  };

  // The largest is drawn first, under the others; says whether there are any.
  lc.drawAreas = function (groups) {
    const row = picked();
    const areas = row ? areasOf(row) : [];
    [...areas].reverse().forEach(({ rings, colour }) => {
      const look = { color: AREA_INK, weight: 1.6, opacity: 0.9, fillColor: colour, fillOpacity: 0.5 };
      const still = { interactive: false, stroke: true, fill: true };
      new lc.Shapes([rings], lc.COARSE, { ...look, ...still }).addTo(groups.isochrones);
    });
    return areas.length > 0;
  };

  lc.markPicked = function (group) {
    const row = picked();
    if (!row) return;
    const look = { radius: 11, weight: 3, color: AREA_INK, fill: false, interactive: false };
    L.circleMarker(row.at, look).addTo(group);
  };

  // What is worth seeing of a facility: its largest area, else the place itself.
  lc.facilityBounds = function (row) {
    const around = row.areas.length ? row.areas[row.areas.length - 1][3] : [];
    const corners = lc.paths(around, lc.COARSE).flat();
    return L.latLngBounds(corners.length ? corners : [row.at]);
  };

  lc.areaLegend = function () {
    const row = picked();
    return row
      ? areasOf(row).map(({ limit, colour }) => ({ colour, text: lc.t("area_of", { limit }) }))
      : [];
  };

  // The requirement the view shows, else the one whose circle is widest.
  function asked(row) {
    const mine = row.served.map((one) => lc.requirementOf(one[0]));
    return (
      mine.find((one) => one.id === lc.state.servedOf) ||
      mine.find((one) => lc.state.view === "service" && one.id === lc.state.requirement) ||
      [...mine].sort((a, b) => b.circle - a.circle)[0]
    );
  }

  lc.servedList = function (row) {
    if (!row.served.length) return null;
    const now = asked(row);
    return [
      el("h3", {}, lc.t("served")),
      el(
        "ul",
        { class: "lc-links" },
        row.served.map(([id, people, inside]) => {
          const requirement = lc.requirementOf(id);
          const text = lc.t("served_of", {
            label: lc.pick(requirement.label),
            n: lc.number(people),
            m: lc.number(inside),
            limit: lc.limitText(requirement),
          });
          const open = () => {
            lc.state.servedOf = id;
            lc.refresh();
          };
          if (!lc.layers.homes) return el("li", {}, text);
          const pressed = now.id === id ? "true" : "false";
          const key = "served" + id;
          const settings = { class: "lc-link", "aria-pressed": pressed, onclick: open };
          return el("li", {}, lc.button(key, settings, text));
        }),
      ),
    ];
  };

  // Colours of homes while a facility is chosen; null leaves them to the view.
  lc.servedColours = function (homes) {
    const row = chosen();
    const requirement = row && asked(row);
    const runs = requirement && homes.nearest[requirement.id];
    const state = requirement && homes.state[requirement.id];
    if (!runs || !state) return null;
    const mine = lc.facts.facilities.indexOf(row);
    const colours = [];
    for (let i = 0; i < runs.length; i += 2)
      for (let home = 0; home < runs[i + 1]; home += 1) {
        const letter = state[colours.length];
        const here = runs[i] === mine && letter !== "-";
        colours.push(here ? (letter === "c" ? INSIDE : OUTSIDE) : null);
      }
    return colours;
  };

  lc.servedLegend = () => [
    [INSIDE, lc.t("served_inside")],
    [OUTSIDE, lc.t("served_outside")],
  ];
})(window.lifecircle);
