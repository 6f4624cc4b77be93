"use strict";
// Writes names of communities where they have room: the largest first, none over another.
(function (lc) {
  const MOST = 250;
  const HIGH = 18;
  const LEAST = 14;
  let ranked = null;

  lc.drawNames = function (layers) {
    const { map, groups } = layers;
    groups.names.clearLayers();
    if (!lc.isShown("names")) return;
    if (!ranked)
      ranked = lc.facts.communities
        .map((row, place) => ({ row, place, size: layers.areas.sizeOf(place) }))
        .sort((a, b) => b.size - a.size || a.place - b.place);
    const seen = map.getPixelBounds();
    const origin = map.getPixelOrigin();
    const taken = new Map();
    const factor = Math.pow(2, map.getZoom());
    let set = 0;
    for (const { row, size } of ranked) {
      // A name says nothing of a spot that is smaller than a letter.
      if (size * factor < LEAST) return;
      const spot = map.project(row.at);
      if (!seen.contains(spot)) continue;
      const place = spot.subtract(origin);
      const text = lc.named(row);
      const wide = [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 13.5 : 7), 8);
      const box = L.bounds(
        [place.x - wide / 2, place.y - HIGH / 2],
        [place.x + wide / 2, place.y + HIGH / 2],
      );
      // Names can only touch those of their own rows of the screen.
      const rows = [Math.floor(box.min.y / HIGH), Math.floor(box.max.y / HIGH)];
      if (rows.some((line) => (taken.get(line) || []).some((other) => other.overlaps(box)))) continue;
      new Set(rows).forEach((line) => taken.set(line, [...(taken.get(line) || []), box]));
      nameMarker(row, text).addTo(groups.names);
      set += 1;
      if (set >= MOST) return;
    }
  };

  function nameMarker(row, text) {
    const face = lc.el("span", { class: "lc-name-text" }, text);
    const icon = L.divIcon({ className: "lc-name", html: face, iconSize: [0, 0] });
    return L.marker(row.at, { icon, interactive: false, keyboard: false, pane: "names" });
  }
})(window.lifecircle);
