"use strict";
// Builds the panel beside the map, keeps it in step with what is chosen, and starts the page.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const button = (...given) => lc.button(...given);
  const FOUND = 12;
  const parts = {};
  let opener = null;

  lc.start = async function (map, groups) {
    if (typeof DecompressionStream === "undefined") return complain(null);
    try {
      lc.facts = await lc.unpack("facts");
      const base = await lc.unpack("base");
      const homes = await lc.unpack("homes");
      lc.map = map;
      if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
        map.options.inertia = false;
        map._zoomAnimated = false;
        lc.still = true;
      }
      firstState();
      skeleton();
      controls(map);
      lc.startPlaces(map);
      lc.startUnits(map);
      lc.startPrint(map);
      lc.startRefused(map);
      lc.layers = lc.buildLayers(map, groups, base, homes);
      fit();
      map.setMaxZoom(19).setMinZoom(Math.floor(map.getZoom()) - 2);
      new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
      map.on("click", (event) => lc.placed(event) || lc.select(null));
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && lc.state.selected) lc.select(null);
      });
      lc.refresh();
      document.body.classList.add("lc-ready");
    } catch (problem) {
      complain(problem);
    }
  };

  // The words may be what could not be read, so both languages stand here.
  function complain(problem) {
    const old = "这个浏览器太旧，无法打开地图数据。 This browser is too old for the map's data.";
    const text = problem
      ? "地图数据无法读取。 The map's data cannot be read. (" + problem.message + ")"
      : old;
    document.body.append(lc.el("p", { class: "lc-complaint", role: "alert" }, text));
  }

  function firstState() {
    const { state, facts } = lc;
    state.language = facts.meta.language;
    state.circle = facts.circles.length ? facts.circles[facts.circles.length - 1] : null;
    if (facts.communities.some(hasIndex)) return;
    // A map without any grade opens on what can be judged, and shows sites on what they change.
    state.change = (lc.changed()[0] || { id: "" }).id;
    const judged = facts.requirements
      .map((row) => ({ row, score: facts.study.scores[row.id] }))
      .filter(({ score }) => score && lc.isJudged(score) && score.share !== null)
      .map(({ row }) => row);
    const base = judged.filter((row) => row.view === "base");
    const last = Math.max(...judged.map((row) => row.circle));
    const first = [...base, ...judged].find((row) => row.circle === last);
    if (first)
      Object.assign(state, {
        view: "service",
        service: first.service,
        circle: first.circle,
        requirement: first.id,
      });
  }

  const hasIndex = (row) =>
    Object.values(row.index).some((found) => typeof found.index === "number");

  function skeleton() {
    ["head", "search", "views", "more", "card"].forEach((name) => {
      parts[name] = el("div", { class: "lc-" + name });
    });
    parts.card.setAttribute("role", "region");
    parts.panel = el(
      "aside",
      { class: "lc-panel" },
      parts.head,
      parts.views,
      el("div", { class: "lc-scroll" }, parts.search, parts.more),
    );
    lc.map.getContainer().setAttribute("role", "main");
    // First in the page, so the keyboard meets the panel before the map.
    document.body.prepend(parts.panel, parts.card);
    if (window.matchMedia("(max-width: 760px)").matches) parts.panel.classList.add("lc-folded");
  }

  function controls(map) {
    parts.credit = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
    const Buttons = L.Control.extend({
      options: { position: "topright" },
      onAdd: () => {
        parts.zoom = el("div", { class: "lc-zoom leaflet-bar" });
        L.DomEvent.disableClickPropagation(parts.zoom);
        return parts.zoom;
      },
    });
    new Buttons().addTo(map);
  }

  function fit() {
    lc.map.invalidateSize();
    lc.map.fitBounds(lc.facts.meta.bounds, { padding: [18, 18], animate: false });
  }

  lc.refresh = function () {
    settle();
    document.documentElement.lang = lc.state.language === "zh" ? "zh-CN" : "en";
    const view = lc.views();
    writeHead();
    writeSearch();
    writeViews();
    write(parts.more, lc.details(view));
    writeCard();
    writeControls();
    lc.drawView(lc.layers, view);
  };

  // Keeps circle and requirement such that the chosen view has something to show.
  function settle() {
    const { state } = lc;
    const circles = lc.circlesFor();
    if (circles.length && !circles.includes(state.circle)) state.circle = circles[circles.length - 1];
    if (state.view === "service") {
      const asked = lc.requirementsFor(state.service, state.circle).map((row) => row.id);
      if (!asked.includes(state.requirement)) state.requirement = asked[0] || null;
    }
  }

  function choose(change) {
    Object.assign(lc.state, change);
    lc.refresh();
  }

  // Writing a part anew must not lose the keyboard's place in it.
  function write(part, ...children) {
    const held = part.contains(document.activeElement) && document.activeElement.dataset.key;
    part.replaceChildren(...children.flat(Infinity).filter(Boolean));
    if (held) {
      const again = [...part.querySelectorAll("[data-key]")].find((n) => n.dataset.key === held);
      if (again) again.focus();
    }
  }

  function writeHead() {
    const { meta } = lc.facts;
    const folded = parts.panel.classList.contains("lc-folded");
    const fold = () => {
      parts.panel.classList.toggle("lc-folded");
      writeHead();
    };
    write(
      parts.head,
      el("h1", {}, meta.title),
      el(
        "p",
        { class: "lc-sub" },
        el("span", { class: "lc-stamp" }, lc.label("release", meta.release)),
        meta.date ? el("span", {}, lc.t("data_of", { date: meta.date })) : null,
      ),
      el(
        "div",
        { class: "lc-head-buttons" },
        button(
          "language",
          {
            class: "lc-small",
            title: lc.t("language_hint"),
            onclick: () => choose({ language: lc.state.language === "zh" ? "en" : "zh" }),
          },
          lc.t("language"),
        ),
        button(
          "fold",
          {
            class: "lc-small lc-fold",
            "aria-expanded": folded ? "false" : "true",
            "aria-label": lc.t(folded ? "panel_open" : "panel_close"),
            onclick: fold,
          },
          folded ? "▲" : "▼",
        ),
      ),
    );
  }

  function writeSearch() {
    const hits = el("ul", { class: "lc-hits" });
    const field = el("input", {
      type: "search",
      "data-key": "search",
      placeholder: lc.t("search"),
      "aria-label": lc.t("search"),
      autocomplete: "off",
      oninput: () => writeHits(field.value, hits),
    });
    const before = parts.search.querySelector("input");
    if (before) field.value = before.value;
    write(parts.search, field, hits);
    writeHits(field.value, hits);
  }

  function writeHits(text, hits) {
    const asked = text.trim().toLocaleLowerCase();
    const found = [];
    if (asked) {
      const has = (row) => (row.name || "").toLocaleLowerCase().includes(asked);
      lc.facts.communities.filter(has).forEach((row) => found.push(["community", row.id, row]));
      lc.facts.facilities
        .filter(has)
        .forEach((row) => found.push(["facility", row.facility_id, row]));
    }
    const items = found.slice(0, FOUND).map(([kind, id, row]) => {
      const open = () => lc.select(kind, id, true);
      const what = kind === "community" ? lc.t("community") : lc.serviceName(row.service);
      return el(
        "li",
        {},
        button("hit" + kind + id, { onclick: open }, row.name, el("span", {}, what)),
      );
    });
    if (asked && !items.length) items.push(el("li", { class: "lc-quiet" }, lc.t("no_match")));
    hits.replaceChildren(...items);
  }

  function writeViews() {
    const { state } = lc;
    const tab = (key, width, pressed, change, ...children) =>
      button(
        key,
        {
          class: "lc-view " + width,
          "aria-pressed": pressed ? "true" : "false",
          onclick: () => choose(change),
        },
        ...children,
      );
    const plain = (name, width) =>
      tab("view" + name, width, state.view === name, { view: name }, lc.t("view_" + name));
    const services = lc.facts.services
      .filter(([service]) => lc.facts.requirements.some((row) => row.service === service))
      .map(([service]) =>
        tab(
          "service" + service,
          "",
          state.view === "service" && state.service === service,
          { view: "service", service },
          el("i", { class: "lc-dot", style: { background: lc.facts.colours.service[service] } }),
          lc.serviceName(service),
        ),
      );
    const circles = lc.circlesFor();
    const strip = () => parts.views.querySelector(".lc-tabs");
    const scrolled = strip() ? strip().scrollLeft : 0;
    write(
      parts.views,
      el(
        "div",
        { class: "lc-tabs", role: "toolbar", "aria-label": lc.t("views"), onkeydown: lc.alongViews },
        plain("index", "lc-whole"),
        services,
        plain("elders", "lc-whole"),
        plain("gaps", "lc-third"),
        plain("sites", "lc-third"),
        plain("land", "lc-third"),
        lc.facts.units.length ? plain("units", "lc-whole") : null,
        lc.facts.to_place.length ? plain("places", "lc-whole") : null,
      ),
      circles.length > 1
        ? el(
            "div",
            { class: "lc-circles", role: "group", "aria-label": lc.t("circle") },
            circles.map((circle) =>
              button(
                "circle" + circle,
                {
                  "aria-pressed": state.circle === circle ? "true" : "false",
                  onclick: () => choose({ circle }),
                },
                lc.t("minutes", { n: circle }),
              ),
            ),
          )
        : null,
      picker(),
    );
    lc.oneStop(strip());
    // On a phone the views are a strip: it stays where it was, with the chosen one in sight.
    strip().scrollLeft = scrolled;
    strip().querySelector("[tabindex=\"0\"]").scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function picker() {
    const { state } = lc;
    const asked =
      state.view === "service" ? lc.requirementsFor(state.service, state.circle) : [];
    if (asked.length > 1)
      return select(lc.t("requirement"), asked, state.requirement, (id) =>
        choose({ requirement: id }),
      );
    if (state.view === "units" && lc.unitSets().length > 1)
      return select(lc.t("unit_set"), lc.unitSets(), state.unitset, (id) =>
        choose({ unitset: id, selected: null }),
      );
    if (state.view === "sites") return lc.choicePicker(select, choose);
    if (state.view === "elders") return lc.elderPicker(select, choose);
    return state.view === "gaps" ? lc.gapPicker(select, choose) : null;
  }

  function select(name, rows, chosen, change, key) {
    const options = rows.map((row) =>
      el("option", { value: row.id, selected: row.id === chosen }, lc.pick(row.label)),
    );
    const field = el(
      "select",
      { "data-key": key || "pick", "aria-label": name, onchange: () => change(field.value) },
      options,
    );
    return el("div", { class: "lc-pick" }, field);
  }

  function writeControls() {
    const { meta } = lc.facts;
    const zoom = (step) => () => lc.map.setZoom(lc.map.getZoom() + step);
    const named = (key, text, onclick) =>
      button(key, { "aria-label": lc.t(key), title: lc.t(key), onclick }, text);
    write(
      parts.zoom,
      named("zoom_in", "+", zoom(1)),
      named("zoom_out", "−", zoom(-1)),
      named("fit", "⤢", fit),
      named("print", lc.printSign(), () => lc.openPrint("A4")),
    );
    lc.map.getContainer().setAttribute("aria-label", lc.t("map_hint"));
    parts.panel.setAttribute("aria-label", lc.t("panel"));
    const notes = [lc.tilesCredit(), meta.credit, meta.china && meta.credit ? lc.t("china_note") : ""];
    if (meta.release === "public") notes.push(lc.t("sketch"));
    parts.credit.getContainer().replaceChildren(notes.filter(Boolean).join(" · "));
  }

  function writeCard() {
    const content = lc.card();
    parts.card.setAttribute("aria-label", lc.t("card"));
    parts.card.classList.toggle("lc-open", Boolean(content));
    if (!content) return write(parts.card);
    const close = button(
      "close",
      { class: "lc-close", "aria-label": lc.t("close"), onclick: () => lc.select(null) },
      "×",
    );
    return write(parts.card, close, content);
  }

  // Opens the card of something; `move` also brings it into sight.
  lc.select = function (kind, id, move) {
    const within = parts.card.contains(document.activeElement);
    const held = document.activeElement && document.activeElement.dataset.key;
    if (kind && move && held && !within) opener = held;
    lc.state.selected = kind ? { kind, id } : null;
    if (kind === "facility") {
      if (!lc.isShown("facilities")) lc.state.shown.facilities = true;
      const row = lc.facts.facilities.find((found) => found.facility_id === id);
      if (lc.state.view === "service") lc.state.service = row.service;
    }
    if (kind === "place") lc.state.view = "places";
    if (kind === "unit")
      Object.assign(lc.state, { view: "units", unitset: lc.facts.units.find((row) => row.id === id).set });
    if ((kind === "site" || kind === "easy") && move) lc.state.view = "sites";
    lc.refresh();
    parts.card.scrollTop = 0;
    // The keyboard goes back to where the card was opened from.
    if (!kind && within && opener) {
      const again = [...parts.panel.querySelectorAll("[data-key]")].find(
        (node) => node.dataset.key === opener,
      );
      (again || lc.map.getContainer()).focus({ preventScroll: true });
    }
    if (kind && move) {
      if (window.matchMedia("(max-width: 760px)").matches) {
        parts.panel.classList.add("lc-folded");
        writeHead();
      }
      lc.approach(kind, id, parts.card);
      const close = parts.card.querySelector("button");
      if (close) close.focus();
    }
  };
})(window.lifecircle);
