"use strict";
// Lets rows of lists that have no place be clicked onto the map, and hands them back as a file.
(function (lc) {
  const el = (...given) => lc.el(...given);
  const given = new Map();
  let group = null;

  const rowOf = (key) => lc.facts.to_place.find((row) => row.place_key === key);
  const placeOf = (row) => given.get(row.place_key) || null;
  const nameOf = (row) => row.name || row.address || lc.t("unnamed");

  lc.startPlaces = function (map) {
    group = L.layerGroup().addTo(map);
    lc.facts.to_place.forEach((row) => {
      if (row.at) given.set(row.place_key, row.at);
    });
  };

  // A click on the map places what is chosen; whoever else listens need not.
  lc.placed = function (event) {
    const { selected } = lc.state;
    if (!selected || selected.kind !== "place") return false;
    give(selected.id, [event.latlng.lat, event.latlng.lng]);
    return true;
  };

  function give(key, at) {
    if (at) given.set(key, at.map((value) => Math.round(value * 1e6) / 1e6));
    else given.delete(key);
    lc.refresh();
  }

  lc.placeSpot = (key) => {
    const row = rowOf(key);
    return placeOf(row) || row.guess;
  };

  lc.placeView = function () {
    const rows = lc.facts.to_place;
    const { base } = lc.facts.colours;
    const done = rows.filter(placeOf).length;
    return {
      requirements: [],
      strength: 0.25,
      fill: () => lc.countColour(0),
      headline: {
        big: lc.number(rows.length - done),
        unit: lc.t("view_places"),
        small: lc.t("place_given") + " " + lc.number(done),
      },
      legend: {
        text: lc.t("legend_places"),
        items: [
          { colour: base.site, text: lc.t("place_given"), count: done, round: true },
          { colour: GUESS, text: lc.t("place_guess"), round: true },
        ],
      },
      list: {
        title: lc.t("view_places"),
        rows: rows.map((row) => ({
          kind: "place",
          id: row.place_key,
          name: nameOf(row),
          text: placeOf(row) ? "✓" : row.guess ? "?" : "—",
        })),
      },
      action: done
        ? lc.button(
            "saveplaces",
            { class: "lc-small", onclick: save },
            lc.t("place_save", { n: lc.number(done) }),
          )
        : null,
    };
  };
  const GUESS = "#c98a1b";

  lc.placeCard = function (key) {
    const row = rowOf(key);
    const at = placeOf(row);
    return [
      el("p", { class: "lc-card-kind" }, lc.t("place")),
      el("h2", {}, nameOf(row)),
      el("p", { class: "lc-big" }, lc.t("place_click")),
      el(
        "dl",
        { class: "lc-facts" },
        facts(row, at).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
      ),
      el(
        "p",
        {},
        row.guess
          ? lc.button("takeguess", { class: "lc-small", onclick: () => give(key, row.guess) }, lc.t("place_take"))
          : null,
        at
          ? lc.button("clearplace", { class: "lc-small", onclick: () => give(key, null) }, lc.t("place_clear"))
          : null,
      ),
    ];
  };

  function facts(row, at) {
    return [
      [lc.t("service"), row.services.map(lc.serviceName).join(" + ")],
      [lc.t("address"), row.address],
      [lc.t("list_row"), row.list + (row.row === null ? "" : " · " + row.row)],
      [lc.t("evidence"), row.evidence],
      [lc.t("certainty"), row.certainty === null ? null : String(row.certainty)],
      [lc.t("position"), at ? at[1] + ", " + at[0] : null],
    ].filter((fact) => fact[1]);
  }

  lc.drawPlaces = function () {
    group.clearLayers();
    if (lc.state.view !== "places") return;
    const { selected } = lc.state;
    lc.facts.to_place.forEach((row) => {
      const at = placeOf(row) || row.guess;
      if (!at) return;
      const mine = selected && selected.kind === "place" && selected.id === row.place_key;
      const colour = placeOf(row) ? lc.facts.colours.base.site : GUESS;
      const marker = L.circleMarker(at, {
        radius: mine ? 9 : 6,
        weight: mine ? 3 : 1.6,
        color: mine ? "#111827" : "#ffffff",
        fillColor: colour,
        fillOpacity: placeOf(row) ? 1 : 0.6,
      });
      marker.bindTooltip(() => el("span", {}, nameOf(row)), { sticky: true, opacity: 1 });
      marker.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        if (!lc.placed(event)) lc.select("place", row.place_key);
      });
      marker.addTo(group);
    });
  };

  lc.raisePlaces = () => group.eachLayer((marker) => marker.bringToFront());

  // Excel must not take a name from a file for a formula.
  function cell(value) {
    const text = value === null || value === undefined ? "" : String(value);
    const inert = /^[=+\-@\t\r]/.test(text) && typeof value !== "number" ? "'" + text : text;
    return '"' + inert.replaceAll('"', '""') + '"';
  }

  lc.placesFile = function () {
    const rows = lc.facts.to_place.filter(placeOf).map((row) => {
      const [lat, lon] = placeOf(row);
      return [row.place_key, row.list, row.row, row.name, row.address, lon, lat];
    });
    const head = ["place_key", "list", "row", "name", "address", "lon", "lat"];
    return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  };

  function save() {
    const file = new Blob([lc.placesFile()], { type: "text/csv;charset=utf-8" });
    const link = el("a", { href: URL.createObjectURL(file), download: "places.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
})(window.lifecircle);
