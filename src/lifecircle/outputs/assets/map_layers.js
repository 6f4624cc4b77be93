"use strict";
// Draws: ground and streets once, communities, homes, facilities, plots and sites as the view asks.
(function (lc) {
  const STREETS = {
    major: { from: 9, width: 4.2 },
    middle: { from: 11, width: 3.0 },
    minor: { from: 12.5, width: 1.9 },
    path: { from: 15, width: 0.9 },
  };
  const BUILDINGS_FROM = 15;
  const PLOTS_FROM = 15;

  // Thousands of points as one path: cheap to add, drawn in order with the rest of the canvas.
  const Dots = L.Path.extend({
    initialize(latlngs, options) {
      L.setOptions(this, options);
      this._latlngs = latlngs.map((pair) => L.latLng(pair));
      this._colours = [];
    },
    paint(colours) {
      this._colours = colours;
      return this.redraw();
    },
    _project() {
      const bounds = new L.Bounds();
      this._spots = this._latlngs.map((latlng) => {
        const spot = this._map.latLngToLayerPoint(latlng);
        bounds.extend(spot);
        return spot;
      });
      this._rawPxBounds = bounds;
      const margin = new L.Point(6, 6);
      this._pxBounds = bounds.isValid()
        ? new L.Bounds([bounds.min.subtract(margin), bounds.max.add(margin)])
        : bounds;
    },
    _update() {
      if (this._map) this._updatePath();
    },
    _updatePath() {
      const context = this._renderer._ctx;
      const seen = this._renderer._bounds;
      if (!context || !seen || !this._renderer._drawing) return;
      const radius = Math.max(1.4, (this._map.getZoom() - 11.5) * 0.8);
      const width = 2 * radius;
      this._spots.forEach((spot, place) => {
        const colour = this._colours[place];
        if (!colour || !seen.contains(spot)) return;
        context.fillStyle = colour;
        if (radius < 2) {
          context.fillRect(spot.x - radius, spot.y - radius, width, width);
          return;
        }
        context.beginPath();
        context.arc(spot.x, spot.y, radius, 0, 2 * Math.PI);
        context.fill();
      });
    },
    _containsPoint: () => false,
  });

  lc.buildLayers = function (map, groups, base, homes) {
    const colours = lc.facts.colours;
    const layers = { map, groups, streets: {}, casings: {}, communities: new Map() };
    map.createPane("ground").style.zIndex = 250;
    map.getPane("ground").style.pointerEvents = "none";
    map.createPane("names").style.zIndex = 590;
    map.getPane("names").style.pointerEvents = "none";
    const ground = L.canvas({ pane: "ground", padding: 0.3 });
    const flat = { stroke: false, fill: true, fillOpacity: 1, fillRule: "nonzero" };
    const still = { interactive: false };
    const area = { ...flat, ...still, renderer: ground, pane: "ground" };

    L.polygon(lc.paths(base.area, lc.COARSE), { ...area, fillColor: colours.base.page }).addTo(
      groups.ground,
    );
    ["built", "green"].forEach((kind) => {
      const rings = lc.paths(base.ground[kind], lc.COARSE);
      if (rings.length)
        L.polygon(rings, { ...area, fillColor: colours.base[kind] }).addTo(groups.ground);
    });
    // Water lies over the colours of the communities: nobody lives on it.
    const water = lc.paths(base.ground.water, lc.COARSE);
    if (water.length)
      L.polygon(water, { ...flat, ...still, fillColor: colours.base.water }).addTo(groups.water);
    const rivers = lc.paths(base.rivers, lc.COARSE);
    if (rivers.length)
      L.polyline(rivers, { ...still, fill: false, color: colours.base.water, weight: 1.6 }).addTo(
        groups.water,
      );

    lc.facts.communities.forEach((row) => {
      const rings = lc.paths(row.rings, lc.COARSE);
      const fill = L.polygon(rings, { ...flat, fillOpacity: 0.7 });
      fill.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        if (lc.placed(event)) return;
        const unit = lc.unitAt(row.id);
        lc.select(unit ? "unit" : "community", unit ? unit.id : row.id);
      });
      fill.bindTooltip(() => lc.el("span", {}, lc.named(row)), { sticky: true, opacity: 1 });
      fill.addTo(groups.communities);
      const outline = L.polygon(rings, { ...still, fill: false, color: "#4a5361", weight: 1 });
      outline.addTo(groups.outlines);
      layers.communities.set(row.id, { row, fill, outline });
    });

    const blocks = base.buildings.map((rings) =>
      L.polygon(lc.paths(rings, lc.FINE), {
        ...flat,
        ...still,
        fillColor: "#6f675c",
        fillOpacity: 0.24,
      }),
    );
    layers.buildings = L.layerGroup(blocks);

    const line = { ...still, fill: false, lineCap: "round", lineJoin: "round" };
    const rail = lc.paths(base.rail, lc.COARSE);
    if (rail.length)
      L.polyline(rail, { ...line, color: colours.base.rail, weight: 1.6, dashArray: "7 5" }).addTo(
        groups.streets,
      );
    ["path", "minor", "middle", "major"].forEach((name) => {
      const parts = lc.paths(base.streets[name], lc.COARSE);
      if (!parts.length) return;
      if (name !== "path")
        layers.casings[name] = L.polyline(parts, {
          ...line,
          color: colours.base.street_casing,
          opacity: 0.75,
        });
      layers.streets[name] = L.polyline(parts, {
        ...line,
        color: name === "path" ? colours.base.path : colours.base.street,
        opacity: name === "path" ? 0.9 : 0.8,
        dashArray: name === "path" ? "3 3" : null,
      });
    });

    if (homes) {
      layers.homes = homes;
      layers.dots = new Dots(lc.path(homes.at, lc.COARSE), still);
    }
    layers.isochrones = new Map();
    lc.facts.isochrones.forEach((row) => {
      const list = layers.isochrones.get(row.requirement) || [];
      const shape = L.polygon(lc.paths(row.rings, lc.COARSE), {
        ...flat,
        ...still,
        stroke: true,
        color: colours.base.isochrone,
        weight: 2.2,
        opacity: 0.95,
        fillColor: "#ffffff",
        fillOpacity: 0.12,
      });
      list.push({ row, shape });
      layers.isochrones.set(row.requirement, list);
    });
    layers.facilities = lc.facts.facilities.map((row) => facilityMarker(row));
    layers.sites = lc.facts.sites.filter((row) => row.at).map((row) => siteMarker(row));
    layers.plots = lc.facts.parcels.filter((row) => row.at).map((row) => plotLayers(row));
    layers.names = lc.facts.communities.map((row) => nameMarker(row));
    map.on("zoomend", () => lc.drawScale(layers));
    return layers;
  };

  function hover(layer, text) {
    layer.bindTooltip(() => lc.el("span", {}, text()), { opacity: 1, direction: "top" });
    return layer;
  }

  function facilityMarker(row) {
    const marker = L.circleMarker(row.at, {
      radius: 5,
      weight: 1.6,
      color: "#ffffff",
      fillColor: lc.facts.colours.service[row.service] || lc.OTHER,
      fillOpacity: !row.status || row.status === "existing" ? 1 : 0.3,
    });
    marker.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (!lc.placed(event)) lc.select("facility", row.facility_id);
    });
    return { row, marker: hover(marker, () => lc.named(row)) };
  }

  function siteMarker(row) {
    const people = typeof row.newly_covered === "number" ? row.newly_covered : 0;
    const size = Math.round(Math.min(46, 24 + Math.sqrt(people) / 2.5));
    const year = row.year === null ? "+" : String(row.year);
    const face = lc.el("span", { class: "lc-site-face" }, year.length > 2 ? year.slice(2) : year);
    const icon = L.divIcon({ className: "lc-site", html: face, iconSize: [size, size] });
    const marker = L.marker(row.at, { icon, keyboard: true, alt: row.site_id });
    marker.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      lc.select("site", row.site_id);
    });
    return { row, marker: hover(marker, () => lc.siteTitle(row)) };
  }

  function plotLayers(row) {
    const colour = lc.facts.colours.site_kind[row.kind] || "#444444";
    const open = (event) => {
      L.DomEvent.stopPropagation(event);
      lc.select("parcel", row.parcel_id);
    };
    const dot = L.circleMarker(row.at, {
      radius: 4.5,
      weight: 1.4,
      color: "#ffffff",
      fillColor: colour,
      fillOpacity: 1,
    }).on("click", open);
    hover(dot, () => row.name || lc.label("site_kind", row.kind));
    const rings = lc.paths(row.rings, lc.COARSE);
    if (!rings.length) return { row, dot, shape: dot };
    const shape = L.polygon(rings, {
      weight: 1.6,
      color: colour,
      fillColor: colour,
      fillOpacity: 0.45,
      fillRule: "nonzero",
    }).on("click", open);
    hover(shape, () => row.name || lc.label("site_kind", row.kind));
    return { row, dot, shape };
  }

  function nameMarker(row) {
    const text = lc.el("span", { class: "lc-name-text" }, lc.named(row));
    const icon = L.divIcon({ className: "lc-name", html: text, iconSize: [0, 0] });
    return L.marker(row.at, { icon, interactive: false, keyboard: false, pane: "names" });
  }

  // What depends on the zoom: widths, buildings, plots as shapes or dots, names that have room.
  lc.drawScale = function (layers) {
    const zoom = layers.map.getZoom();
    const { groups } = layers;
    const grow = Math.max(0.45, Math.pow(1.42, zoom - 14));
    Object.keys(STREETS).forEach((name) => {
      const rule = STREETS[name];
      const width = Math.min(rule.width * grow, 16);
      [
        [layers.casings[name], width + 1.4],
        [layers.streets[name], width],
      ].forEach(([line, weight]) => {
        if (!line) return;
        if (zoom < rule.from) groups.streets.removeLayer(line);
        else line.setStyle({ weight }).addTo(groups.streets);
      });
    });
    swap(groups.buildings, layers.buildings, lc.isShown("buildings") && zoom >= BUILDINGS_FROM);
    // Close up, the ground is what one looks at, and the colour only reminds.
    const strength = layers.strength * (zoom >= BUILDINGS_FROM ? 0.6 : 1);
    layers.communities.forEach(({ fill }) => fill.setStyle({ fillOpacity: strength }));
    layers.facilities.forEach(({ marker }) =>
      marker.setRadius(Math.min(8, Math.max(3.6, (zoom - 9) * 1.05))),
    );
    if (lc.state.view === "land") {
      layers.plots.forEach(({ dot, shape }) => {
        const close = zoom >= PLOTS_FROM;
        swap(groups.parcels, shape, close);
        if (dot !== shape) swap(groups.parcels, dot, !close);
        else dot.addTo(groups.parcels);
      });
    }
    drawNames(layers);
    order(groups);
  };

  function swap(group, layer, wanted) {
    if (wanted) layer.addTo(group);
    else group.removeLayer(layer);
  }

  // A layerGroup has no bringToFront, so groups are raised member by member, bottom to top.
  function order(groups) {
    ["communities", "water", "isochrones", "buildings", "streets", "outlines", "homes"].forEach(raise);
    ["parcels", "facilities"].forEach(raise);
    lc.raiseUnits();
    lc.raiseRefused();
    lc.raisePlaces();
    function raise(name) {
      const lift = (layer) => {
        if (layer.eachLayer) layer.eachLayer(lift);
        else if (layer.bringToFront) layer.bringToFront();
      };
      if (name === "streets") {
        const lines = groups.streets.getLayers();
        lines.sort((a, b) => streetRank(a) - streetRank(b)).forEach(lift);
      } else groups[name].eachLayer(lift);
    }
  }

  function streetRank(line) {
    const { layers } = lc;
    const names = ["path", "minor", "middle", "major"];
    const casing = names.findIndex((name) => layers.casings[name] === line);
    const fill = names.findIndex((name) => layers.streets[name] === line);
    return casing >= 0 ? casing : fill >= 0 ? 10 + fill : 20;
  }

  // Names are set largest community first; one that would touch another is left out.
  function drawNames(layers) {
    const { map, groups } = layers;
    groups.names.clearLayers();
    if (!lc.isShown("names")) return;
    const taken = [];
    const size = (row) => {
      const bounds = layers.communities.get(row.id).fill.getBounds();
      return bounds.isValid() ? bounds.getNorthEast().distanceTo(bounds.getSouthWest()) : 0;
    };
    lc.facts.communities
      .map((row, place) => ({ row, place, size: size(row) }))
      .sort((a, b) => b.size - a.size || a.place - b.place)
      .forEach(({ row, place }) => {
        const spot = map.latLngToLayerPoint(row.at);
        const text = lc.named(row);
        const wide = [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 13.5 : 7), 8);
        const box = L.bounds([
          [spot.x - wide / 2, spot.y - 9],
          [spot.x + wide / 2, spot.y + 9],
        ]);
        if (taken.some((other) => other.overlaps(box))) return;
        taken.push(box);
        layers.names[place].addTo(groups.names);
      });
  }

  lc.drawView = function (layers, view) {
    const { groups } = layers;
    lc.drawPlaces();
    lc.drawUnits();
    lc.drawRefused();
    const { selected } = lc.state;
    layers.communities.forEach(({ row, fill, outline }) => {
      const mine = selected && selected.kind === "community" && selected.id === row.id;
      fill.setStyle({ fillColor: view.fill(row) });
      outline.setStyle({
        weight: mine ? 3.4 : view.outline ? view.outline(row) : 1,
        color: mine ? "#111827" : "#4a5361",
      });
    });
    groups.isochrones.clearLayers();
    if (lc.isShown("isochrones") && view.requirement)
      (layers.isochrones.get(view.requirement) || []).forEach(({ shape }) =>
        shape.addTo(groups.isochrones),
      );
    groups.facilities.clearLayers();
    if (lc.isShown("facilities"))
      layers.facilities.forEach(({ row, marker }) => {
        if (view.service && row.service !== view.service) return;
        marker.addTo(groups.facilities);
      });
    groups.homes.clearLayers();
    const served = layers.dots ? lc.servedColours(layers.homes) : null;
    if (served || (layers.dots && lc.isShown("homes"))) {
      layers.dots.addTo(groups.homes);
      layers.dots.paint(served || lc.homeColours(layers.homes, view));
    }
    groups.parcels.clearLayers();
    groups.sites.clearLayers();
    if (lc.state.view === "sites")
      layers.sites.forEach(({ marker }) => marker.addTo(groups.sites));
    layers.strength = view.strength || 0.6;
    lc.drawScale(layers);
  };

  lc.homeColours = function (homes, view) {
    const colours = lc.facts.colours;
    const covered = lc.state.view === "gaps" ? null : colours.base.covered_home;
    const states = view.requirements.map((id) => homes.state[id]).filter(Boolean);
    return homes.people.map((people, place) => {
      if (!people || !states.length) return null;
      const letters = states.map((state) => state[place]);
      const missing = letters.find((letter) => letter !== "c" && letter !== "-");
      if (missing === undefined) return letters.every((letter) => letter === "-") ? null : covered;
      return colours.reason[homes.reasons[missing.charCodeAt(0) - 65]] || colours.reason.uncovered;
    });
  };
})(window.lifecircle);
