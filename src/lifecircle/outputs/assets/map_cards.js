"use strict";
// Writes the card of what was clicked: a community, a facility, a site or a piece of land.
(function (lc) {
  const el = (...given) => lc.el(...given);

  lc.card = function () {
    const { selected } = lc.state;
    if (!selected) return null;
    const makers = {
      community,
      facility,
      site,
      parcel,
      place: lc.placeCard,
      unit: lc.unitCard,
      refused: lc.refusedCard,
      easy: lc.easyCard,
    };
    return makers[selected.kind](selected.id);
  };

  lc.cardFrame = frame;
  function frame(kind, title, subtitle, ...parts) {
    return [
      el("p", { class: "lc-card-kind" }, lc.t(kind)),
      el("h2", {}, title),
      subtitle ? el("p", { class: "lc-card-sub" }, subtitle) : null,
      ...parts,
    ];
  }

  lc.cardFacts = facts;
  function facts(rows) {
    const list = el("dl", { class: "lc-facts" });
    rows
      .filter((row) => row[1] !== null && row[1] !== undefined && row[1] !== "" && row[1] !== "—")
      .forEach(([name, value]) => list.append(el("dt", {}, name), el("dd", {}, value)));
    return list;
  }

  function chip(grade) {
    if (!grade) return null;
    return el(
      "span",
      {
        class: "lc-chip",
        style: { background: lc.gradeColour(grade), color: lc.palette().ink[grade] || "#222" },
      },
      lc.label("grade", grade),
    );
  }
  lc.gradeChip = chip;

  function community(id) {
    const row = lc.facts.communities.find((found) => found.id === id);
    const gaps = lc.facts.gaps.filter((gap) => gap.community_id === id);
    const sites = lc.facts.sites.filter((found) => found.community_id === id);
    return frame(
      "community",
      lc.named(row),
      [row.within, lc.t("people", { n: lc.number(row.people) })].filter(Boolean).join(" · "),
      grades(row),
      noIndex(row),
      el("h3", {}, lc.t("reach")),
      reach(row),
      lc.nearestList(row),
      el("h3", {}, lc.t("view_gaps") + " " + gaps.filter((gap) => gap.reason !== "no_data").length),
      gaps.length
        ? el("ul", { class: "lc-gaps" }, gaps.map(gapItem))
        : el("p", { class: "lc-quiet" }, lc.t(untold(row) ? "untold" : "no_gaps")),
      sites.length ? el("h3", {}, lc.t("sites_here")) : null,
      sites.length ? el("ul", { class: "lc-links" }, sites.map(siteLink)) : null,
      lc.facts.meta.release === "public" ? el("p", { class: "lc-quiet" }, lc.t("few")) : null,
    );
  }

  // Where nobody is known to live, or nothing could be judged, no gap is no good news.
  function untold(row) {
    const silent = ({ verdict }) => verdict === "empty" || verdict === "unknown";
    return lc.facts.meta.unlived || Object.values(row.scores).every(silent);
  }

  function grades(row) {
    const told = lc.facts.circles.filter((circle) => row.index[circle]);
    return el(
      "div",
      { class: "lc-grades" },
      told.map((circle) => {
        const found = row.index[circle];
        return el(
          "div",
          { class: "lc-grade" },
          el("span", { class: "lc-grade-circle" }, lc.t("minutes", { n: circle })),
          el("strong", {}, lc.number(found.index, 0)),
          chip(found.grade || "none"),
          found.weakest
            ? el(
                "span",
                { class: "lc-quiet" },
                lc.t("weakest") + " " + lc.serviceName(found.weakest),
              )
            : null,
        );
      }),
    );
  }

  // Which requirements leave the community without an index, and what would give it one.
  function noIndex(row) {
    const told = Object.values(row.index).flatMap((found) => found.unjudged || []);
    const silent = [...new Set(told)].map(lc.requirementOf).filter(Boolean);
    if (!silent.length) return null;
    return el(
      "details",
      { class: "lc-quiet" },
      el("summary", {}, lc.t("no_index", { n: silent.length })),
      el(
        "ul",
        {},
        silent.map((requirement) =>
          el("li", {}, el("strong", {}, lc.pick(requirement.label)), " " + (requirement.cure || "")),
        ),
      ),
    );
  }

  function reach(row) {
    const table = el("div", { class: "lc-reach" });
    lc.facts.services.forEach(([service]) => {
      const asked = lc.facts.requirements.filter((r) => r.service === service && row.scores[r.id]);
      if (!asked.length) return;
      const limits = asked.map(lc.limitText);
      const bars = asked.map((requirement, place) => {
        // Limits alone tell few requirements apart, and only where none is said twice.
        const vague = asked.length > 2 || new Set(limits).size < limits.length;
        const name = vague ? lc.pick(requirement.label) : limits[place];
        return bar(name, row.scores[requirement.id], requirement);
      });
      table.append(
        el(
          "div",
          { class: "lc-reach-row" },
          el(
            "div",
            { class: "lc-reach-name" },
            el("i", { class: "lc-dot", style: { background: lc.facts.colours.service[service] } }),
            lc.serviceName(service),
          ),
          el("div", { class: "lc-bars" }, bars),
        ),
      );
    });
    return table;
  }

  function bar(name, score, requirement) {
    const share = score.share;
    const hint = [
      lc.pick(requirement.label),
      lc.t("people", { n: lc.number(score.covered) + " / " + lc.number(score.people) }),
      score.target === null ? "" : lc.t("target") + " " + lc.percent(score.target),
      lc.label("verdict", score.verdict),
      lc.label("robust", score.robust),
    ];
    const track = el("span", { class: "lc-track" });
    if (share !== null)
      track.append(
        el("span", {
          class: "lc-fill",
          style: { width: share * 100 + "%", background: lc.scoreColour(score) },
        }),
      );
    if (score.target !== null)
      track.append(el("span", { class: "lc-target", style: { left: score.target * 100 + "%" } }));
    return el(
      "div",
      { class: "lc-bar", title: hint.filter(Boolean).join(" · ") },
      el("span", { class: "lc-bar-name" }, name),
      track,
      el("span", { class: "lc-bar-value" }, lc.scoreText(score)),
    );
  }

  function gapItem(gap) {
    const requirement = lc.requirementOf(gap.requirement);
    const near = lc.facts.facilities.find((row) => row.facility_id === gap.nearest_facility_id);
    const words = { n: lc.minutesOf(gap.nearest_s), name: near ? lc.named(near) : "" };
    // The evidence tells the same walk, with whose it is.
    const nearest =
      gap.nearest_s === null || gap.evidence ? null : lc.t(near ? "nearest" : "nearest_bare", words);
    return el(
      "li",
      {},
      el(
        "div",
        { class: "lc-gap-head" },
        el("span", { class: "lc-mark" }, lc.label("obligation_mark", gap.obligation)),
        el("strong", {}, requirement ? lc.pick(requirement.label) : normLabel(gap.requirement)),
      ),
      el(
        "div",
        { class: "lc-gap-why" },
        el("i", { class: "lc-dot", style: { background: lc.facts.colours.reason[gap.reason] } }),
        el("span", { class: "lc-tag" }, lc.label("gap_kind", gap.kind)),
        lc.label("reason", gap.reason) + " · " + lc.t(gap.kind === "size" ? "gap_size" : "gap_people", { n: lc.number(gap.people) }),
      ),
      nearest ? el("div", { class: "lc-quiet" }, nearest) : null,
      gap.steady ? el("div", { class: "lc-quiet" }, lc.pick(gap.steady)) : null,
      gap.evidence ? el("div", { class: "lc-quiet" }, gap.evidence) : null,
      gap.remedy ? el("div", { class: "lc-quiet" }, remedyText(gap)) : null,
      gap.site_id ? siteButton(gap.site_id) : lc.easyButton(gap.project_id),
      lc.remedyList(gap),
      gap.clause ? el("div", { class: "lc-quiet" }, lc.t("clause", { text: gap.clause })) : null,
    );
  }

  function remedyText(gap) {
    const text = lc.label("remedy", gap.remedy);
    return gap.brings
      ? lc.t("remedy_brings", { text, n: lc.number(gap.brings) })
      : lc.t("remedy", { text });
  }

  function normLabel(id) {
    const label = lc.facts.norms[id];
    return label ? lc.pick(label) : id;
  }

  function loadText(row) {
    if (row.load === undefined || row.load === null) return null;
    const words = { n: lc.number(row.people_nearest), m: lc.number(row.capacity) };
    return lc.t("load_of", { ...words, p: lc.percent(row.load) });
  }

  function siteButton(id) {
    const found = lc.facts.sites.find((row) => row.site_id === id);
    const text = lc.t("solved_by", { id });
    if (!found) return el("div", { class: "lc-quiet" }, text);
    return el("button", { class: "lc-link", onclick: () => lc.select("site", id, true) }, text);
  }

  function siteLink(row) {
    const text = lc.siteTitle(row) + " · +" + lc.number(row.newly_covered);
    const open = () => lc.select("site", row.site_id, true);
    return el("li", {}, el("button", { class: "lc-link", onclick: open }, text));
  }

  function area(value) {
    return value === null || value === undefined ? null : lc.t("m2", { n: lc.number(value) });
  }

  function facility(id) {
    const row = lc.facts.facilities.find((found) => found.facility_id === id);
    const others = lc.facts.facilities.filter(
      (found) => row.place_id && found.place_id === row.place_id && found !== row,
    );
    return frame(
      "facility",
      lc.named(row),
      lc.serviceName(row.service) + " · " + lc.typeName(row.type),
      facts([
        [lc.t("status"), lc.label("facility_status", row.status)],
        [lc.t("open_to"), lc.label("open_to", row.open_to)],
        [lc.t("floor"), area(row.floor_m2)],
        [lc.t("beds"), row.beds === null ? null : lc.number(row.beds)],
        [lc.t("load"), loadText(row)],
        [lc.t("source"), row.source],
        [lc.t("confidence"), lc.percent(row.confidence)],
        [
          lc.t("placed"),
          row.place_confidence === null
            ? null
            : lc.label("placed", row.placed) + " " + lc.percent(row.place_confidence),
        ],
      ]),
      lc.areaList(row),
      lc.servedList(row),
      others.length ? el("h3", {}, lc.t("also_here")) : null,
      others.length
        ? el(
            "ul",
            { class: "lc-links" },
            others.map((other) => el("li", {}, lc.typeName(other.type))),
          )
        : null,
    );
  }

  function site(id) {
    const row = lc.facts.sites.find((found) => found.site_id === id);
    const home = lc.facts.communities.find((found) => found.id === row.community_id);
    const closed = lc.facts.gaps.filter((gap) => gap.site_id === id);
    return frame(
      "site",
      row.services.map(lc.serviceName).join(" + "),
      row.types.map(lc.typeName).join(lc.comma()),
      el(
        "p",
        { class: "lc-big" },
        el("strong", {}, "+" + lc.number(row.newly_covered)),
        " " + lc.t("brings"),
      ),
      lc.siteWords(row),
      facts([
        [lc.t("chosen_in"), lc.chosenIn(row)],
        [lc.t("capacity"), row.capacity ? lc.number(row.capacity) : null],
        [lc.t("kind"), lc.label("site_kind", row.kind)],
        [lc.t("community"), home ? lc.named(home) : null],
        [lc.t("year"), yearText(row.year)],
        [lc.t("land_area"), row.area_m2 ? area(row.area_m2) : null],
        [lc.t("floor"), area(row.floor_m2)],
        [lc.t("conforms"), lc.label("conforms", row.conforms)],
        [lc.t("project"), row.project],
        [lc.t("mode"), lc.label("mode", row.mode)],
        [lc.t("lead_body"), row.lead_body],
      ]),
      closed.length ? el("h3", {}, lc.t("closes")) : null,
      closed.length ? el("ul", { class: "lc-links" }, closed.map(closedLink)) : null,
    );
  }

  // A year may be counted from the start of the plan or be a calendar year.
  lc.yearText = yearText;
  function yearText(year) {
    if (year === null) return null;
    return year < 1900 ? lc.t("year_n", { n: year }) : String(year);
  }

  lc.closedLink = closedLink;
  function closedLink(gap) {
    const home = lc.facts.communities.find((row) => row.id === gap.community_id);
    const requirement = lc.requirementOf(gap.requirement);
    const text = [home ? lc.named(home) : gap.community_id, requirement ? lc.pick(requirement.label) : normLabel(gap.requirement)];
    const open = () => lc.select("community", gap.community_id, true);
    return el(
      "li",
      {},
      el("button", { class: "lc-link", onclick: open }, text.filter(Boolean).join(" · ")),
    );
  }

  function parcel(id) {
    const row = lc.facts.parcels.find((found) => found.parcel_id === id);
    const home = lc.facts.communities.find((found) => found.id === row.community_id);
    const code = row.code && row.code + (row.code_system ? " (" + row.code_system + ")" : "");
    const comma = lc.comma();
    const sides = [row.rect_length_m, row.rect_width_m].filter((side) => side);
    return frame(
      "parcel",
      row.name || lc.label("site_kind", row.kind),
      row.name ? lc.label("site_kind", row.kind) : null,
      facts([
        [lc.t("community"), home ? lc.named(home) : null],
        [lc.t("land_area"), row.area_m2 ? area(row.area_m2) : null],
        [lc.t("floor"), area(row.floor_m2)],
        [lc.t("rectangle"), sides.length ? sides.join(" × ") : null],
        [lc.t("fits"), (row.fits || []).map(lc.typeName).join(comma)],
        ...(row.misfits || []).map(([code, types]) => [
          lc.label("misfit", code),
          types.map(lc.typeName).join(comma),
        ]),
        [lc.t("checks"), (row.checks || []).map((one) => lc.label("land_note", one)).join(comma)],
        [lc.t("consent"), row.consent ? lc.label("consent", row.consent) : null],
        [lc.t("near"), (row.near || []).map((one) => lc.label("near", one)).join(comma)],
        [lc.t("land_code"), code],
        [lc.t("conforms"), lc.label("conforms", row.conforms)],
        [lc.t("origin"), lc.label("parcel_origin", row.origin)],
        [lc.t("evidence"), row.evidence],
      ]),
    );
  }
})(window.lifecircle);
