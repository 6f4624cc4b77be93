"use strict";
// Shows what the sites change: communities coloured by their share before and after.
(function (lc) {
  const el = (...given) => lc.el(...given);

  // Requirements that the sites bring somebody inside of.
  lc.changed = () =>
    lc.facts.requirements.filter((row) => {
      const score = lc.facts.study.scores[row.id];
      return score && typeof score.after === "number";
    });

  const asked = () =>
    lc.facts.sites.some((row) => row.at)
      ? lc.changed().find((row) => row.id === lc.state.change)
      : undefined;
  lc.changeAsked = asked;

  // A community that no site changes keeps the share it has.
  function then(score) {
    if (!lc.state.after || typeof score.after !== "number") return score;
    return { ...score, share: score.after, verdict: score.verdict_after };
  }

  lc.withChange = function (view) {
    const requirement = asked();
    if (!requirement) return view;
    const study = lc.facts.study.scores[requirement.id];
    const scoreOf = (row) => then(row.scores[requirement.id] || {});
    const gained = (row) => (row.scores[requirement.id] || {}).gained;
    const rows = lc.facts.communities
      .filter((row) => typeof gained(row) === "number" && gained(row) > 0)
      .sort((a, b) => gained(b) - gained(a) || (a.id < b.id ? -1 : 1))
      .slice(0, 8)
      .map((row) => ({
        kind: "community",
        id: row.id,
        name: lc.named(row),
        text: "+" + lc.number(gained(row)),
      }));
    return {
      ...view,
      requirement: requirement.id,
      requirements: [requirement.id],
      strength: 0.7,
      fill: (row) => lc.scoreColour(scoreOf(row)),
      headline: {
        big: lc.percent(study.share) + " → " + lc.percent(study.after),
        unit: lc.pick(requirement.label),
        small: lc.t("brings") + " " + lc.t("people", { n: lc.number(study.gained) }),
      },
      legend: {
        text: lc.t(lc.state.after ? "legend_after" : "legend_before", {
          label: lc.pick(requirement.label),
        }),
        items: [...lc.siteItems(), ...lc.shareItems(scoreOf)],
      },
      list: { title: lc.t("best_change"), rows },
    };
  };

  lc.choicePicker = function (select, choose) {
    const rows = lc.changed();
    if (!rows.length || !lc.facts.sites.some((row) => row.at)) return null;
    const none = { id: "", label: [lc.t("by_grade"), lc.t("by_grade")] };
    const list = select(lc.t("requirement"), [none, ...rows], lc.state.change || "", (id) =>
      choose({ change: id }),
    );
    if (!asked()) return list;
    const side = (after, word) =>
      el(
        "button",
        {
          type: "button",
          "data-key": word,
          "aria-pressed": Boolean(lc.state.after) === after ? "true" : "false",
          onclick: () => choose({ after }),
        },
        lc.t(word),
      );
    const sides = el(
      "div",
      { class: "lc-circles", role: "group", "aria-label": lc.t("before_after") },
      side(false, "before_sites"),
      side(true, "after_sites"),
    );
    return [list, sides];
  };

  lc.siteWords = function (row) {
    const said = row.sentence ? lc.pick(row.sentence) : null;
    return said ? el("p", { class: "lc-said" }, said) : null;
  };

  lc.chosenIn = (row) => (typeof row.chosen_in === "number" ? lc.percent(row.chosen_in) : null);
})(window.lifecircle);
