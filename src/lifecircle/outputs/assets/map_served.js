"use strict";
// Shows whom a facility serves: the homes it is the nearest one of, for one of its requirements.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const INSIDE = "#0b7a5b";
  const OUTSIDE = "#14181f"; // dark, for every colour is a grade, a reason or a service

  const chosen = function () {
    const { selected } = lc.state;
    if (!selected || selected.kind !== "facility") return null;
    const row = lc.facts.facilities.find((found) => found.facility_id === selected.id);
    return row && row.served.length ? row : null;
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
