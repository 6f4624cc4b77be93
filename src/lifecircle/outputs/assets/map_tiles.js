"use strict";
// Shows map tiles from the internet where the study names some, and only once they are asked for.
(function (lc) {
  let tiles = null;

  const on = () => Boolean(lc.state.tiles && lc.facts.meta.tiles.length);
  lc.tilesCredit = () => (on() ? lc.facts.meta.tiles[1] : "");

  lc.tilesSwitch = function () {
    if (!lc.facts.meta.tiles.length) return null;
    const box = lc.el("input", {
      type: "checkbox",
      "data-key": "tiles",
      checked: on(),
      onchange: () => {
        lc.state.tiles = box.checked;
        lc.refresh();
      },
    });
    const [name, hint] = [lc.t("tiles"), lc.t("tiles_hint")];
    return lc.el("label", {}, box, lc.el("span", {}, name), lc.el("small", {}, hint));
  };

  // Under tiles our own ground, streets and buildings would only be in the way.
  lc.drawTiles = function ({ map, groups }) {
    if (!tiles && !on()) return;
    tiles = tiles || L.tileLayer(lc.facts.meta.tiles[0], { maxZoom: 19, maxNativeZoom: 18 });
    const own = [groups.water, groups.streets, groups.buildings];
    map.getPane("ground").style.display = on() ? "none" : "";
    if (on()) tiles.addTo(map);
    else tiles.remove();
    own.forEach((group) => (on() ? group.remove() : group.addTo(map)));
  };
})(window.lifecircle);
