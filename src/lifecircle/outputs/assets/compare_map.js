"use strict";
// Draws what changed between two runs, and tells why where a community is picked; text stays text.
window.lifecircle = window.lifecircle || {};
(function (lc) {
  const make = function (tag, parent, text, kind) {
    const node = document.createElement(tag);
    if (text !== "" && text !== null && text !== undefined) node.textContent = text;
    if (kind) node.className = kind;
    if (parent) parent.appendChild(node);
    return node;
  };
  const percent = (share) => (share === null ? "–" : Math.round(share * 1000) / 10 + "%");

  lc.startChanges = async function (map) {
    const facts = await lc.unpack("changes");
    const panel = make("div", document.body, "", "lc-changes");
    make("h1", panel, facts.title);
    make("p", panel, facts.heading);
    for (const text of facts.notes) make("p", panel, text, "note");
    const picker = make("select", panel);
    picker.setAttribute("aria-label", facts.views[1]);
    make("option", picker, facts.views[0]).value = "";
    for (const row of facts.requirements) make("option", picker, row.label).value = row.id;
    const legend = make("div", panel);
    const told = make("div", panel);
    told.setAttribute("aria-live", "polite");
    make("p", told, facts.pick);
    if (facts.credit) make("p", panel, facts.credit, "note");
    const asked = () => facts.requirements.find((row) => row.id === picker.value);
    // A community that a requirement does not name is as it was.
    const change = (area, row) => row.areas[area.id] || [2, null, null];
    const colourOf = function (area) {
      const row = asked();
      if (!row) return area.colour;
      const step = change(area, row)[0];
      return step === null ? facts.unknown[0] : facts.steps[step];
    };
    const saying = function (area) {
      const row = asked();
      if (!row || !row.areas[area.id]) return area.name + (row ? "" : " · " + area.direction);
      const [, before, after] = change(area, row);
      return area.name + " · " + percent(before) + " → " + percent(after);
    };
    const key = function (colour, word, count, kind) {
      const row = make("div", legend, "", "key");
      make("i", row, "", kind).style.background = colour;
      make("span", row, word);
      make("b", row, count);
    };
    // All areas are one layer, which knows by the spot which of them is meant.
    const rings = facts.areas.map((area) => area.rings);
    const fills = new lc.Shapes(rings, lc.COARSE, { stroke: false, fill: true, fillOpacity: 0.8 });
    const edges = new lc.Shapes(fills, lc.COARSE, { fill: false, interactive: false, weight: 3 });
    fills.addTo(map);
    edges.addTo(map);
    let under = null;
    const outline = (chosen) => edges.pen(facts.areas.map((area) => [area === chosen ? 3 : 1, "#333"]));
    outline(null);
    fills.bindTooltip(() => make("span", null, under ? saying(under) : ""), { sticky: true });
    fills.on("mouseover mousemove", function (event) {
      const now = facts.areas[fills.at(event.layerPoint)];
      if (!now || now === under) return;
      under = now;
      fills.getTooltip().update();
    });
    fills.on("click", function (event) {
      const area = facts.areas[fills.at(event.layerPoint)];
      outline(area);
      told.replaceChildren();
      make("h2", told, area.name);
      make("p", told, area.relation ? area.direction + " · " + area.relation : area.direction);
      const list = make("ul", told);
      for (const line of area.lines) make("li", list, line);
    });
    facts.facilities.forEach((group) =>
      group.places.forEach(([lat, lon, name]) =>
        L.circleMarker([lat, lon], {
          radius: 6,
          weight: 2,
          color: "#fff",
          fillColor: group.colour,
          fillOpacity: 1,
        })
          .bindTooltip(() => make("span", null, name + " · " + group.word))
          .addTo(map),
      ),
    );
    const draw = function () {
      const drawn = facts.areas.map(colourOf);
      fills.paint(drawn);
      legend.replaceChildren();
      const rows = asked()
        ? [...facts.steps.map((colour, place) => [colour, facts.step_words[place]]), facts.unknown]
        : facts.legend;
      for (const [colour, word] of rows) key(colour, word, drawn.filter((one) => one === colour).length);
      for (const group of facts.facilities)
        if (group.places.length) key(group.colour, group.word, group.places.length, "round");
    };
    picker.addEventListener("change", draw);
    draw();
    const room = window.innerWidth > 700 ? panel.offsetWidth + 24 : 12;
    map.fitBounds(facts.bounds, { paddingTopLeft: [12, 12], paddingBottomRight: [room, 12] });
  };
})(window.lifecircle);
