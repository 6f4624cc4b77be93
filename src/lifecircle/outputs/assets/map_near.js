"use strict";
// Writes what a community's card says beyond shares: nearest facilities, remedies.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const { comma } = lc;

  // One row per service: the base requirement of the widest circle speaks for it.
  lc.nearestList = function (row) {
    const items = lc.facts.services
      .map(([service]) =>
        lc.facts.requirements
          .filter((one) => one.service === service && row.nearest[one.id])
          .sort((a, b) => (a.view === "base" ? 0 : 1) - (b.view === "base" ? 0 : 1) || b.circle - a.circle)[0],
      )
      .filter(Boolean)
      .map((requirement) => {
        const id = row.nearest[requirement.id];
        const near = lc.facts.facilities.find((found) => found.facility_id === id);
        const median = (row.scores[requirement.id] || {}).median_s;
        const walk = typeof median === "number" ? " · " + lc.t("median", { n: lc.minutesOf(median) }) : "";
        const open = () => lc.select("facility", id, true);
        return el(
          "li",
          {},
          el("i", { class: "lc-dot", style: { background: lc.facts.colours.service[requirement.service] } }),
          " ",
          near
            ? el("button", { class: "lc-link", onclick: open }, near.name || lc.typeName(near.type))
            : id,
          el("span", { class: "lc-quiet" }, walk),
        );
      });
    if (!items.length) return null;
    return [
      el("h3", {}, lc.t("nearest_most")),
      el("ul", { class: "lc-links" }, items),
    ];
  };

  lc.remedyList = function (gap) {
    if (!gap.remedies.length) return null;
    return el(
      "details",
      { class: "lc-remedies" },
      el("summary", {}, lc.t("remedies_n", { n: gap.remedies.length })),
      el("ol", {}, gap.remedies.map(remedy)),
    );
  };

  function remedy(row) {
    const facility = lc.facts.facilities.find((one) => one.facility_id === row.facility_id);
    const name = row.name || (facility ? lc.named(facility) : "");
    const told = [
      row.what ? lc.label("remedy_what", row.what) : lc.label("remedy", row.kind),
      name,
      row.types.map(lc.typeName).join(comma()),
      row.people === null ? "" : lc.t("remedy_people", { n: lc.number(row.people) }),
      row.closes ? lc.t("remedy_closes") : "",
      row.chosen ? lc.t("remedy_chosen") : "",
      row.consent
        .filter((code) => code !== "none")
        .map((code) => lc.label("consent", code))
        .join(comma()),
    ];
    return el("li", { class: row.chosen ? "lc-chosen" : "" }, told.filter(Boolean).join(" · "));
  }
})(window.lifecircle);
