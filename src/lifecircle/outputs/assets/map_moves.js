"use strict";
// Moves: what was chosen into sight beside its card, and the keyboard from view to view.
(function (lc) {
  // The card lies over the map: on a wide screen at its left, on a phone at its foot.
  function beside(card) {
    const narrow = window.matchMedia("(max-width: 760px)").matches;
    const box = card.getBoundingClientRect();
    const animate = !lc.still;
    if (!narrow)
      return { animate, paddingTopLeft: [box.width + 40, 40], paddingBottomRight: [40, 40] };
    const under = lc.map.getContainer().getBoundingClientRect().bottom - box.top;
    const foot = Math.max(20, under + 10);
    return { animate, paddingTopLeft: [20, 20], paddingBottomRight: [20, foot] };
  }

  lc.approach = function (kind, id, card) {
    lc.map.invalidateSize({ animate: false });
    if (kind === "community") {
      const bounds = lc.layers.communities.get(id).fill.getBounds();
      if (bounds.isValid()) lc.map.fitBounds(bounds, { maxZoom: 16, ...beside(card) });
      return;
    }
    if (kind === "unit") {
      lc.map.fitBounds(lc.unitBounds(id), { maxZoom: 16, ...beside(card) });
      return;
    }
    if (kind === "place") {
      const at = lc.placeSpot(id);
      if (at) lc.map.fitBounds([at, at], { maxZoom: 17, ...beside(card) });
      return;
    }
    const lists = { facility: "facilities", site: "sites", parcel: "parcels" };
    const ids = { refused: "parcel_id", easy: "project_id" };
    const row = lc.facts[lists[kind] || kind].find((found) => found[ids[kind] || kind + "_id"] === id);
    if (kind === "facility") {
      lc.map.fitBounds(lc.facilityBounds(row), { maxZoom: 16, ...beside(card) });
      return;
    }
    if (row && row.at) lc.map.fitBounds([row.at, row.at], { maxZoom: 16, ...beside(card) });
  };

  // The strip of views is one stop for the keyboard, at the view that is shown.
  lc.oneStop = function (strip) {
    const views = [...strip.children];
    const first = views.find((one) => one.getAttribute("aria-pressed") === "true") || views[0];
    views.forEach((one) => (one.tabIndex = one === first ? 0 : -1));
  };

  // Arrows go from view to view, Home and End to the first and the last.
  lc.alongViews = function (event) {
    const views = [...event.currentTarget.children];
    const at = views.indexOf(document.activeElement);
    const count = views.length;
    const to = {
      ArrowRight: (at + 1) % count,
      ArrowDown: (at + 1) % count,
      ArrowLeft: (at - 1 + count) % count,
      ArrowUp: (at - 1 + count) % count,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    views.forEach((one, place) => (one.tabIndex = place === to ? 0 : -1));
    views[to].focus();
  };
})(window.lifecircle);
