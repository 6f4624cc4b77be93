"use strict";
// Says for each view how communities are coloured, what the legend explains and what the list ranks.
(function (lc) {
  const NONE = () => lc.gradeColour("none");
  const LISTED = 8;

  lc.views = function () {
    const { view } = lc.state;
    if (view === "service") return serviceView();
    if (view === "gaps") return lc.gapView();
    if (view === "sites") return lc.withChange(siteView());
    if (view === "land") return lc.withRefused(landView());
    if (view === "places") return lc.placeView();
    if (view === "units") return lc.unitView();
    if (view === "elders") return lc.elderView();
    return indexView();
  };

  lc.requirementsFor = (service, circle) =>
    lc.facts.requirements.filter((row) => row.service === service && row.circle === circle);

  lc.circlesFor = function () {
    const { view, service } = lc.state;
    if (view === "service")
      return lc.facts.circles.filter((circle) => lc.requirementsFor(service, circle).length);
    if (["gaps", "land", "places", "units", "elders"].includes(view)) return [];
    // One requirement has its own minutes: the circle has nothing left to choose.
    if (view === "sites" && lc.changeAsked()) return [];
    return lc.facts.circles.filter((circle) =>
      lc.facts.communities.some((row) => row.index[circle]),
    );
  };

  const indexOf = (row) => row.index[lc.state.circle] || {};
  const baseMust = (lc.baseMust = () =>
    lc.facts.requirements
      .filter((row) => row.view === "base" && row.obligation === "must")
      .map((row) => row.id));

  function gradeLegend() {
    const counts = tally((row) => indexOf(row).grade || "none");
    const classes = lc.merged(
      lc.facts.grades.map(([code, least]) => ({ colour: lc.gradeColour(code), least, codes: [code] })),
    );
    const items = classes.map(({ colour, least, codes }, place) => ({
      colour,
      text: codes.map((code) => lc.label("grade", code)).join(lc.comma()),
      range:
        place === 0
          ? lc.t("at_least", { n: least })
          : place === classes.length - 1
            ? lc.t("below", { n: classes[place - 1].least })
            : lc.t("between", { a: least, b: classes[place - 1].least }),
      count: codes.reduce((sum, code) => sum + (counts[code] || 0), 0),
    }));
    if (counts.none) items.push({ colour: NONE(), text: lc.t("no_people"), count: counts.none });
    return items;
  }

  lc.tally = tally;
  function tally(key) {
    const counts = {};
    lc.facts.communities.forEach((row) => {
      const name = key(row);
      counts[name] = (counts[name] || 0) + 1;
    });
    return counts;
  }

  lc.ranked = ranked;
  function ranked(value, text) {
    return lc.facts.communities
      .map((row) => ({ row, value: value(row) }))
      .filter(({ value: found }) => typeof found === "number" && found > 0)
      .sort((a, b) => b.value - a.value || (a.row.id < b.row.id ? -1 : 1))
      .slice(0, LISTED)
      .map(({ row, value: found }) => ({
        kind: "community",
        id: row.id,
        name: lc.named(row),
        text: text(found, row),
      }));
  }

  // A map without any index says what is missing for one.
  function whyNoIndex(study) {
    if (lc.facts.meta.unlived) return lc.t("untold");
    const silent = (study.unjudged || []).map(lc.requirementOf).filter(Boolean);
    if (!silent.length) return lc.t("no_index_bare");
    const list = silent.map((row) => lc.pick(row.label)).join(lc.comma());
    return lc.t("no_index_why", { n: silent.length, list });
  }

  function indexView() {
    const study = lc.facts.study.index[lc.state.circle] || {};
    const graded = lc.facts.communities
      .filter((row) => typeof indexOf(row).index === "number")
      .sort((a, b) => indexOf(a).index - indexOf(b).index || (a.id < b.id ? -1 : 1));
    return {
      requirements: lc.facts.requirements
        .filter((row) => row.circle === lc.state.circle && row.view === "base")
        .map((row) => row.id),
      fill: (row) => lc.gradeColour(indexOf(row).grade),
      headline: {
        big: lc.number(study.index, 1),
        unit: lc.t("index"),
        chip: study.grade,
        small: lc.t("people", { n: lc.number(lc.facts.study.people) }),
      },
      legend: {
        text: lc.t("legend_index", { m: lc.state.circle }),
        items: gradeLegend(),
        notes: graded.length ? [] : [whyNoIndex(study)],
      },
      list: {
        title: lc.t("worst_index"),
        rows: graded.slice(0, LISTED).map((row) => ({
          kind: "community",
          id: row.id,
          name: lc.named(row),
          text: lc.number(indexOf(row).index, 0),
          colour: lc.gradeColour(indexOf(row).grade),
        })),
      },
    };
  }

  function serviceView() {
    const requirement = lc.requirementOf(lc.state.requirement);
    if (!requirement) return emptyView();
    const study = lc.facts.study.scores[requirement.id] || {};
    // With too few known facilities a low share says nothing, also where few people make it enough.
    const scoreOf = (row) => {
      const score = row.scores[requirement.id] || {};
      const enough = lc.isJudged(study) || score.share >= score.target;
      return enough ? score : { ...score, verdict: "unknown" };
    };
    const missing = (row) => {
      const score = scoreOf(row);
      if (!lc.isJudged(score)) return null;
      if (typeof score.people !== "number" || typeof score.covered !== "number") return null;
      return score.people - score.covered;
    };
    const notes = (lc.layers.isochrones.get(requirement.id) || [])
      .map(({ row }) => row)
      .filter((row) => row.wrongly_in !== null && row.wrongly_out !== null)
      .map((row) =>
        lc.t("isochrone_note", {
          a: lc.number(row.wrongly_in * 100, 1),
          b: lc.number(row.wrongly_out * 100, 1),
        }),
      );
    return {
      requirement: requirement.id,
      requirements: [requirement.id],
      service: requirement.service,
      fill: (row) => lc.scoreColour(scoreOf(row)),
      headline: {
        big: lc.scoreText(study),
        unit: lc.serviceName(requirement.service) + " · " + lc.limitText(requirement),
        small: [
          lc.isJudged(study) ? "" : lc.t("unjudged"),
          lc.t("people", { n: lc.number(study.covered) + " / " + lc.number(study.people) }),
          study.median_s ? lc.t("median", { n: lc.minutesOf(study.median_s) }) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      },
      legend: {
        text: lc.t("legend_service", {
          limit: lc.limitText(requirement),
          service: lc.serviceName(requirement.service),
          group: lc.label("group", requirement.group),
        }),
        items: shareItems(scoreOf),
        notes: lc.isShown("isochrones") ? notes.slice(-1) : [],
      },
      list: {
        title: lc.t("worst_service"),
        rows: ranked(missing, (value) => lc.t("not_covered", { n: lc.number(value) })),
      },
    };
  }

  lc.shareItems = shareItems;
  function shareItems(scoreOf) {
    const rows = lc.merged(lc.palette().share.map(([least, colour]) => ({ least, colour, codes: [] })));
    const counts = tally((row) => lc.scoreColour(scoreOf(row)));
    const items = rows.map(({ least, colour }, place) => ({
      colour,
      text:
        place === 0
          ? lc.t("at_least", { n: Math.round(least * 100) + "%" })
          : place === rows.length - 1
            ? lc.t("below", { n: Math.round(rows[place - 1].least * 100) + "%" })
            : lc.t("between", {
                a: Math.round(least * 100),
                b: Math.round(rows[place - 1].least * 100) + "%",
              }),
      count: counts[colour] || 0,
    }));
    const grey = counts[NONE()];
    if (grey) items.push({ colour: NONE(), text: lc.t("no_people"), count: grey });
    return items;
  }

  lc.siteTitle = (row) =>
    [row.services.map(lc.serviceName).join(" + "), lc.label("site_kind", row.kind)]
      .filter(Boolean)
      .join(" · ");

  function siteView() {
    const { sites } = lc.facts;
    const open = sites.some((row) => row.at);
    // Sites do not add up: one may bring a person a clinic and another one a library.
    const { gained } = lc.facts;
    const counts = {};
    sites.forEach((row) => {
      counts[row.community_id] = (counts[row.community_id] || 0) + 1;
    });
    const byCount = sites.length > 0 && !open;
    return {
      requirements: baseMust(),
      strength: byCount ? 0.7 : 0.4,
      fill: byCount
        ? (row) => lc.countColour(counts[row.id] || 0)
        : (row) => lc.gradeColour(indexOf(row).grade),
      headline: {
        big: lc.number(sites.length),
        unit: lc.t("view_sites"),
        small: [
          typeof gained === "number"
            ? lc.t("brings") + " " + lc.t("people", { n: lc.number(gained) })
            : "",
          lc.facts.easy.length ? lc.t("easy_n", { n: lc.facts.easy.length }) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      },
      legend: {
        text: lc.t(byCount ? "legend_sites_public" : "legend_sites", { m: lc.state.circle }),
        items: byCount ? countItems(counts, 3) : [...lc.siteItems(), ...gradeLegend()],
      },
      list: {
        title: lc.t("best_sites"),
        rows: [...sites]
          .sort((a, b) => (Number(b.newly_covered) || 0) - (Number(a.newly_covered) || 0))
          .slice(0, LISTED)
          .map((row) => ({
            kind: "site",
            id: row.site_id,
            name: lc.siteTitle(row),
            text: "+" + lc.number(row.newly_covered),
          })),
      },
      more: { title: lc.t("easy_all"), rows: lc.easyRows() },
    };
  }

  lc.siteItems = () => [
    {
      colour: lc.facts.colours.base.site,
      text: lc.t("site_symbol"),
      round: true,
      count: lc.facts.sites.length,
    },
    ...lc.easyItems(),
  ];

  lc.countItems = countItems;
  function countItems(counts, classes) {
    const last = classes - 1;
    return lc.facts.colours.count.slice(0, classes).map(([least, colour], place) => ({
      colour,
      text: place === last && last > 1 ? lc.t("at_least", { n: least }) : String(least),
      count: lc.facts.communities.filter((row) =>
        place === last ? (counts[row.id] || 0) >= least : (counts[row.id] || 0) === least,
      ).length,
    }));
  }

  function landView() {
    const { parcels } = lc.facts;
    const open = parcels.some((row) => row.at);
    const byCount = parcels.length > 0 && !open;
    const counts = {};
    const kinds = {};
    parcels.forEach((row) => {
      counts[row.community_id] = (counts[row.community_id] || 0) + 1;
      kinds[row.kind] = (kinds[row.kind] || 0) + 1;
    });
    const area = parcels.reduce((sum, row) => sum + (row.area_m2 || 0), 0);
    const known = Object.keys(lc.facts.labels.site_kind);
    return {
      requirements: baseMust(),
      strength: byCount ? 0.7 : 0.45,
      fill: byCount ? (row) => lc.countColour(counts[row.id] || 0) : () => lc.countColour(0),
      headline: {
        big: lc.number(parcels.length),
        unit: lc.t("view_land"),
        small: lc.t("m2", { n: lc.number(area) }),
      },
      legend: {
        text: lc.t(byCount ? "legend_land_public" : "legend_land"),
        items: byCount
          ? countItems(counts, 3)
          : known
              .filter((kind) => kinds[kind])
              .map((kind) => ({
                colour: lc.facts.colours.site_kind[kind],
                text: lc.label("site_kind", kind),
                count: kinds[kind],
                round: true,
              })),
      },
      list: {
        title: lc.t("largest_land"),
        rows: [...parcels]
          .sort((a, b) => (b.area_m2 || 0) - (a.area_m2 || 0))
          .slice(0, LISTED)
          .map((row) => ({
            kind: "parcel",
            id: row.parcel_id,
            name: row.name || lc.label("site_kind", row.kind) + " " + row.parcel_id,
            text: lc.t("m2", { n: lc.number(row.area_m2) }),
          })),
      },
    };
  }

  lc.emptyView = emptyView;
  function emptyView(why) {
    return {
      requirements: [],
      fill: NONE,
      headline: { big: "—", unit: lc.t("empty"), small: "" },
      legend: { text: why || lc.t("empty"), items: [] },
      list: { title: "", rows: [] },
    };
  }
})(window.lifecircle);
