"use strict";
// Shows old people and young children: the share a requirement asked for them covers, all beside it.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const asked = () => lc.facts.requirements.filter((row) => row.ages);
  // A group nobody counted has no people here, and no share: that is told, never drawn as zero.
  const counted = () =>
    asked().filter((row) => (lc.facts.study.scores[row.id] || { people: 0 }).people);

  const chosen = () => {
    const rows = counted();
    const judged = rows.find((row) => lc.isJudged(lc.facts.study.scores[row.id]));
    return rows.find((row) => row.id === lc.state.elder) || judged || rows[0];
  };

  const lacking = (score) =>
    score && lc.isJudged(score) && typeof score.people === "number" && typeof score.covered === "number"
      ? score.people - score.covered
      : null;

  lc.elderPicker = (select, choose) =>
    counted().length > 1
      ? select(lc.t("requirement"), counted(), chosen().id, (elder) => choose({ elder }))
      : null;

  lc.elderAsked = () => lc.state.view === "elders" && Boolean(chosen());

  // All requirements of the view at once: the share and how many are short.
  function overview(now) {
    if (counted().length < 2) return null;
    const item = (row) => {
      const score = lc.facts.study.scores[row.id];
      const choose = () => {
        lc.state.elder = row.id;
        lc.refresh();
      };
      const settings = { "aria-pressed": row === now ? "true" : "false", onclick: choose };
      const short = lacking(score);
      const text = [lc.isJudged(score) ? lc.scoreText(score) : lc.t("unjudged")];
      if (short !== null) text.push(lc.t("elders_short", { n: lc.number(short) }));
      return el(
        "li",
        {},
        lc.button(
          "elder" + row.id,
          settings,
          el("span", { class: "lc-list-name" }, lc.pick(row.label)),
          el("span", { class: "lc-list-value" }, text.join(" · ")),
        ),
      );
    };
    return [
      el("h2", {}, lc.t("elders_all")),
      el("ul", { class: "lc-list" }, counted().map(item)),
    ];
  }

  lc.elderView = function () {
    const requirement = chosen();
    if (!requirement) return lc.emptyView(lc.t(asked().length ? "elders_uncounted" : "elders_unasked"));
    const group = lc.label("group", requirement.group);
    const study = lc.facts.study.scores[requirement.id];
    const base = lc.requirementOf(requirement.everybody);
    const everybody = base && lc.facts.study.scores[base.id];
    const scoreOf = (row) => row.scores[requirement.id] || {};
    const short = lacking(study);
    const besideOf = (row) => (base && row.scores[base.id] ? lc.scoreText(row.scores[base.id]) : "—");
    return {
      requirement: requirement.id,
      requirements: [requirement.id],
      service: requirement.service,
      fill: (row) => lc.scoreColour(scoreOf(row)),
      headline: {
        big: lc.scoreText(study),
        unit: group + " · " + lc.serviceName(requirement.service) + " · " + lc.limitText(requirement),
        small: [
          lc.isJudged(study) ? "" : lc.t("unjudged"),
          lc.t("people", { n: lc.number(study.covered) + " / " + lc.number(study.people) }),
          short === null ? "" : lc.t("not_covered", { n: lc.number(short) }),
          everybody ? lc.t("elders_everybody", { n: lc.scoreText(everybody) }) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      },
      legend: {
        text: lc.t(requirement.view === "base" ? "legend_elders_base" : "legend_elders", {
          label: lc.pick(requirement.label),
          group,
        }),
        items: lc.shareItems(scoreOf),
        notes: base ? [lc.t("elders_beside", { label: lc.pick(base.label) })] : [],
      },
      action: overview(requirement),
      list: {
        title: lc.t("worst_elders", { group }),
        rows: lc.ranked(
          (row) => lacking(scoreOf(row)),
          (value, row) =>
            lc.number(value) + " · " + lc.scoreText(scoreOf(row)) + (base ? " / " + besideOf(row) : ""),
        ),
      },
    };
  };
})(window.lifecircle);
