"use strict";
// Draws communities by what changed, and tells why where one is picked; every text stays text.
window.lifecircle = window.lifecircle || {};
(function (lc) {
  const make = function (tag, parent, text, kind) {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (kind) node.className = kind;
    if (parent) parent.appendChild(node);
    return node;
  };

  lc.startChanges = async function (map) {
    const facts = await lc.unpack("changes");
    const panel = make("div", document.body, "", "lc-changes");
    make("h1", panel, facts.title);
    make("p", panel, facts.heading);
    for (const text of facts.notes) make("p", panel, text, "note");
    for (const [colour, word] of facts.legend) {
      const row = make("div", panel, "", "key");
      make("i", row).style.background = colour;
      make("span", row, word);
    }
    const told = make("div", panel);
    told.setAttribute("aria-live", "polite");
    make("p", told, facts.pick);
    if (facts.credit) make("p", panel, facts.credit, "note");
    const plain = { color: "#333", weight: 1, fillOpacity: 0.8 };
    let chosen = null;
    for (const area of facts.areas) {
      const shape = L.polygon(lc.paths(area.rings, lc.COARSE), {
        ...plain,
        fillColor: area.colour,
      }).addTo(map);
      shape.bindTooltip(() => make("span", null, area.name + " · " + area.direction));
      shape.on("click", function () {
        if (chosen) chosen.setStyle(plain);
        chosen = shape.setStyle({ weight: 3 }).bringToFront();
        told.replaceChildren();
        make("h2", told, area.name);
        make("p", told, area.relation ? area.direction + " · " + area.relation : area.direction);
        const list = make("ul", told);
        for (const line of area.lines) make("li", list, line);
      });
    }
    const room = window.innerWidth > 700 ? panel.offsetWidth + 24 : 12;
    map.fitBounds(facts.bounds, { paddingTopLeft: [12, 12], paddingBottomRight: [room, 12] });
  };
})(window.lifecircle);
