"use strict";
// Keeps the pins of sites apart: smaller from afar, moved aside where they meet, tied to their place.
(function (lc) {
  const ROUNDS = 40;
  const MOST = 300;
  const LEAST = 18; // a number has to fit in
  let ties = null;

  lc.spreadPins = function (layers) {
    const { map, groups } = layers;
    if (ties) ties.remove();
    ties = L.layerGroup();
    const pins = layers.sites
      .filter(({ marker }) => groups.sites.hasLayer(marker))
      .map(({ marker }) => {
        const wide = marker.options.icon.options.iconSize[0];
        const afar = Math.min(1, Math.max(0.6, (map.getZoom() - 9) / 5));
        const size = Math.round(Math.max(LEAST, wide * afar));
        const place = map.latLngToLayerPoint(marker.getLatLng());
        return { marker, size, place, at: place.clone() };
      });
    if (pins.length <= MOST) push(pins);
    pins.forEach(({ marker, size, place, at }) => {
      const { style } = marker.getElement();
      style.width = style.height = size + "px";
      style.marginLeft = at.x - place.x - size / 2 + "px";
      style.marginTop = at.y - place.y - size / 2 + "px";
      if (at.distanceTo(place) < size / 2) return;
      const ends = [place, at].map((spot) => map.layerPointToLatLng(spot));
      const green = { color: "#0b7a5b", interactive: false };
      L.polyline(ends, { ...green, weight: 1.5 }).addTo(ties);
      L.circleMarker(ends[0], { ...green, radius: 2.5, fillOpacity: 1, stroke: false }).addTo(ties);
    });
    ties.addTo(map);
  };

  function push(pins) {
    for (let round = 0; round < ROUNDS; round += 1) {
      let moved = false;
      pins.forEach((pin, i) => {
        for (let j = 0; j < i; j += 1) {
          const other = pins[j];
          const room = (pin.size + other.size) / 2 + 1;
          const dx = pin.at.x - other.at.x;
          const dy = pin.at.y - other.at.y;
          const apart = Math.hypot(dx, dy);
          if (apart >= room) continue;
          // Two of one place part by their order, always the same way.
          const [x, y] = apart > 0.01 ? [dx / apart, dy / apart] : [Math.cos(i), Math.sin(i)];
          const step = (room - apart) / 2;
          pin.at = pin.at.add([x * step, y * step]);
          other.at = other.at.subtract([x * step, y * step]);
          moved = true;
        }
      });
      if (!moved) return;
    }
  }
})(window.lifecircle);
