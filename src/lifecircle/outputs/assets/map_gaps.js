"use strict";
// Shows gaps: how many, which requirement, and for what reason.
(function (lc) {
  const MAIN = "main";

  lc.gapView = function () {
    if (lc.facts.meta.unlived) return lc.emptyView(lc.t("untold"));
    const { reason } = lc.state;
    const requirement = lc.requirementOf(lc.state.gap);
    const asked = lc.facts.gaps.filter((row) => !requirement || row.requirement === requirement.id);
    // Too little data is told, and never counted as a gap of the service.
    const real = asked.filter((row) => row.reason !== "no_data");
    const unknown = asked.length - real.length;
    const gaps = real.filter((row) => !reason || reason === MAIN || row.reason === reason);
    const counts = {};
    const short = {};
    gaps.forEach((row) => {
      counts[row.community_id] = (counts[row.community_id] || 0) + 1;
      if (typeof row.people === "number") short[row.community_id] = row.people;
    });
    const countOf = (row) => counts[row.id] || 0;
    const all = !requirement && (!reason || reason === MAIN);
    const mainOf = mainReasons(gaps);
    const hit = lc.facts.communities.filter((row) => countOf(row) > 0).length;
    const colours = lc.facts.colours;
    const fill =
      reason === MAIN
        ? (row) => colours.reason[mainOf[row.id]] || lc.countColour(0)
        : (row) => (all ? lc.gapColour : lc.countColour)(countOf(row));
    const named = requirement ? lc.pick(requirement.label) : lc.t("view_gaps");
    return {
      requirement: requirement ? requirement.id : null,
      requirements: requirement ? [requirement.id] : lc.baseMust(),
      service: requirement ? requirement.service : null,
      strength: 0.7,
      fill,
      headline: {
        big: lc.number(gaps.length),
        unit: [named, reason && reason !== MAIN ? lc.label("reason", reason) : ""]
          .filter(Boolean)
          .join(" · "),
        small: [
          lc.t("count_communities", { n: hit + " / " + lc.facts.communities.length }),
          unknown ? lc.t("unknown_gaps", { n: lc.number(unknown) }) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      },
      legend: {
        text: legendText(requirement, reason),
        items:
          reason === MAIN
            ? mainItems(mainOf)
            : all
              ? classItems(countOf)
              : lc.countItems(counts, requirement ? 2 : 5),
      },
      list: {
        title: requirement ? lc.t("worst_service") : lc.t("worst_gaps"),
        rows: requirement
          ? lc.ranked(
              (row) => short[row.id],
              (value) => lc.t("not_covered", { n: lc.number(value) }),
            )
          : lc.ranked(countOf, (value) => lc.t("gaps_n", { n: value })),
      },
    };
  };

  function legendText(requirement, reason) {
    if (reason === MAIN) return lc.t("legend_main_reason");
    const label = requirement ? lc.pick(requirement.label) : "";
    const text = requirement ? lc.t("legend_gap", { label }) : lc.t("legend_gaps");
    return reason ? text + " " + lc.t("legend_reason", { reason: lc.label("reason", reason) }) : text;
  }

  // The reason of most gaps; of equals the one the standard's list names first.
  function mainReasons(gaps) {
    const counts = {};
    gaps.forEach((row) => {
      const mine = (counts[row.community_id] = counts[row.community_id] || {});
      mine[row.reason] = (mine[row.reason] || 0) + 1;
    });
    const codes = Object.keys(lc.facts.labels.reason);
    const main = {};
    Object.keys(counts).forEach((id) => {
      const mine = counts[id];
      main[id] = codes.filter((code) => mine[code]).sort((a, b) => mine[b] - mine[a])[0];
    });
    return main;
  }

  function mainItems(mainOf) {
    const counts = lc.tally((row) => mainOf[row.id] || "");
    const items = Object.keys(lc.facts.labels.reason)
      .filter((code) => counts[code])
      .map((code) => ({
        colour: lc.facts.colours.reason[code],
        text: lc.label("reason", code),
        count: counts[code],
      }));
    return [...items, { colour: lc.countColour(0), text: lc.t("no_gaps"), count: counts[""] || 0 }];
  }

  function classItems(countOf) {
    return lc.facts.colours.gap_count.map(([least, colour], place, rows) => {
      const next = rows[place + 1];
      const last = next ? next[0] - 1 : null;
      // Below the fewest gaps any community has there are only those without any.
      const text =
        place === 0
          ? "0"
          : last === null
            ? lc.t("at_least", { n: least })
            : last === least
              ? String(least)
              : lc.t("between", { a: least, b: last });
      const inside = (row) => countOf(row) >= least && (last === null || countOf(row) <= last);
      return { colour, text, count: lc.facts.communities.filter(inside).length };
    });
  }

  lc.gapPicker = function (select, choose) {
    const short = new Set(lc.facts.gaps.map((row) => row.requirement));
    const rows = lc.facts.requirements.filter((row) => short.has(row.id));
    const everything = { id: "", label: [lc.t("all_gaps"), lc.t("all_gaps")] };
    const found = new Set(lc.facts.gaps.map((row) => row.reason));
    const codes = Object.keys(lc.facts.labels.reason).filter(
      (code) => found.has(code) && code !== "no_data",
    );
    const word = (id, key) => ({ id, label: [lc.t(key), lc.t(key)] });
    const reasons = [
      word("", "all_reasons"),
      word(MAIN, "main_reason"),
      ...codes.map((id) => ({ id, label: lc.facts.labels.reason[id] })),
    ];
    return [
      select(lc.t("gap_filter"), [everything, ...rows], lc.state.gap, (gap) => choose({ gap })),
      select(
        lc.t("reason"),
        reasons,
        lc.state.reason || "",
        (reason) => choose({ reason }),
        "reason",
      ),
    ];
  };
})(window.lifecircle);
