"use strict";
// Shows projects that need no site, beside the sites: places shared or raised, links opened.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const SIZE = 24;
  const placed = () => lc.facts.easy.filter((row) => row.at);

  lc.easyTitle = (row) =>
    row.name || [lc.label("mode", row.mode), ...row.services.map(lc.serviceName)].join(" · ");

  lc.easyMarkers = () =>
    placed().map((row) => {
      const year = row.year === null ? "+" : String(row.year);
      const face = el("span", { class: "lc-site-face" }, year.length > 2 ? year.slice(2) : year);
      const icon = L.divIcon({ className: "lc-site lc-easy", html: face, iconSize: [SIZE, SIZE] });
      const marker = L.marker(row.at, { icon, keyboard: true });
      marker.on("add", () =>
        marker.getElement().setAttribute("aria-label", lc.easyTitle(row) + " · " + row.project_id),
      );
      marker.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        lc.select("easy", row.project_id);
      });
      marker.bindTooltip(() => el("span", {}, lc.easyTitle(row)), { opacity: 1, direction: "top" });
      return { row, marker };
    });

  lc.easyItems = () =>
    placed().length
      ? [{ colour: "#ffffff", text: lc.t("easy_symbol"), square: true, count: placed().length }]
      : [];

  lc.easyRows = () =>
    [...lc.facts.easy]
      .sort((a, b) => (Number(b.people) || 0) - (Number(a.people) || 0))
      .map((row) => ({
        kind: "easy",
        id: row.project_id,
        name: lc.easyTitle(row),
        text: lc.t("people", { n: lc.number(row.people) }),
      }));

  // A project of a gap that has no site of its own.
  lc.easyButton = function (id) {
    const row = lc.facts.easy.find((found) => found.project_id === id);
    if (!row) return null;
    const open = () => lc.select("easy", id, true);
    return el("button", { class: "lc-link", onclick: open }, lc.t("easy_by", { name: lc.easyTitle(row) }));
  };

  lc.easyCard = function (id) {
    const row = lc.facts.easy.find((found) => found.project_id === id);
    const near = lc.facts.facilities.find((found) => found.facility_id === row.facility_id);
    const facility = () => lc.select("facility", row.facility_id, true);
    const closed = lc.facts.gaps.filter((gap) => row.gaps.includes(gap.gap_id));
    return lc.cardFrame(
      "easy",
      row.name || row.project_id,
      row.types.map(lc.typeName).join(lc.comma()),
      lc.cardFacts([
        [lc.t("mode"), lc.label("mode", row.mode)],
        [lc.t("year"), lc.yearText(row.year)],
        [lc.t("status"), lc.label("project_status", row.status)],
        [lc.t("lead_body"), row.lead_body],
        [lc.t("cooperating_body"), row.cooperating_body],
        [lc.t("easy_people"), row.people === null ? null : lc.t("people", { n: lc.number(row.people) })],
        [lc.t("consent"), row.consent.map((one) => lc.label("consent", one)).join(lc.comma())],
      ]),
      near ? el("p", {}, el("button", { class: "lc-link", onclick: facility }, lc.named(near))) : null,
      closed.length ? el("h3", {}, lc.t("closes")) : null,
      closed.length ? el("ul", { class: "lc-links" }, closed.map(lc.closedLink)) : null,
    );
  };
})(window.lifecircle);
