"use strict";
// Draws: ground and streets once, communities, homes, facilities, plots and sites as the view asks.
(function (lc) {
  const STREETS = {
    major: { from: 9, width: 4.2 },
    middle: { from: 11, width: 3.0 },
    minor: { from: 13, width: 1.9 },
    path: { from: 15, width: 0.9 },
  };
  const BUILDINGS_FROM = 15;
  const PLOTS_FROM = 15;

  lc.buildLayers = function (map, groups, base, homes) {
    const colours = lc.facts.colours;
    const layers = { map, groups, streets: {}, casings: {}, communities: new Map() };
    map.createPane("ground").style.zIndex = 250;
    map.getPane("ground").style.pointerEvents = "none";
    map.createPane("names").style.zIndex = 590;
    map.getPane("names").style.pointerEvents = "none";
    const ground = L.canvas({ pane: "ground", padding: 0.3 });
    const fill = { stroke: false, fill: true, fillOpacity: 1 };
    const still = { interactive: false };
    const under = { ...fill, ...still, renderer: ground, pane: "ground" };
    const line = { ...still, closed: false, fill: false, lineCap: "round", lineJoin: "round" };
    const areas = (rings, style) => new lc.Shapes([rings], lc.COARSE, style);
    const lines = (many, style) =>
      new lc.Shapes(
        many.map((steps) => [steps]),
        lc.COARSE,
        { ...line, ...style },
      );

    areas(base.area, { ...under, fillColor: colours.base.page }).addTo(groups.ground);
    ["built", "green"].forEach((kind) =>
      areas(base.ground[kind], { ...under, fillColor: colours.base[kind] }).addTo(groups.ground),
    );
    // Water lies over the colours of the communities: nobody lives on it.
    const { water } = colours.base;
    areas(base.ground.water, { ...fill, ...still, fillColor: water }).addTo(groups.water);
    lines(base.rivers, { color: water, weight: 1.6 }).addTo(groups.water);

    const outlines = lc.facts.communities.map((row) => row.rings);
    layers.areas = new lc.Shapes(outlines, lc.COARSE, { ...fill, fillOpacity: 0.7 });
    layers.edges = new lc.Shapes(layers.areas, lc.COARSE, { ...still, weight: 4 });
    layers.edges.addTo(groups.outlines);
    layers.fills = [];
    lc.facts.communities.forEach((row, place) =>
      layers.communities.set(row.id, {
        row,
        fill: {
          get options() {
            return { fillColor: layers.fills[place] };
          },
          getBounds: () => layers.areas.boundsOf(place),
        },
      }),
    );
    hearCommunities(layers.areas.addTo(groups.communities));

    layers.buildings = new lc.Shapes(base.buildings, lc.FINE, {
      ...fill,
      ...still,
      fillColor: "#6f675c",
      fillOpacity: 0.24,
    });
    lines(base.rail, { color: colours.base.rail, weight: 1.6, dashArray: "7 5" }).addTo(
      groups.streets,
    );
    ["path", "minor", "middle", "major"].forEach((name) => {
      const parts = base.streets[name];
      if (!parts.length) return;
      const street = {
        color: name === "path" ? colours.base.path : colours.base.street,
        opacity: name === "path" ? 0.9 : 0.8,
        dashArray: name === "path" ? "3 3" : null,
      };
      layers.streets[name] = lines(parts, street);
      if (name === "path") return;
      const casing = { ...line, color: colours.base.street_casing, opacity: 0.75 };
      layers.casings[name] = new lc.Shapes(layers.streets[name], lc.COARSE, casing);
    });

    if (homes) {
      layers.homes = homes;
      layers.dots = new lc.Dots(homes.at, lc.COARSE, still);
    }
    layers.isochrones = new Map();
    lc.facts.isochrones.forEach((row) => {
      const list = layers.isochrones.get(row.requirement) || [];
      const shape = areas(row.rings, {
        ...fill,
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
    layers.sites = [
      ...lc.facts.sites.filter((row) => row.at).map((row) => siteMarker(row)),
      ...lc.easyMarkers(),
    ];
    layers.plots = lc.facts.parcels.filter((row) => row.at).map((row) => plotLayers(row));
    // The map is set on its place before there is a view to draw.
    map.on("zoomend", () => layers.view && lc.drawScale(layers));
    map.on("moveend", () => layers.view && lc.drawNames(layers));
    return layers;
  };

  // All communities are one layer, which knows by the spot which of them is meant.
  function hearCommunities(areas) {
    let under = -1;
    const name = () => lc.el("span", {}, under < 0 ? "" : lc.named(lc.facts.communities[under]));
    areas.on("mouseover mousemove", (event) => {
      const now = areas.at(event.layerPoint);
      if (now === under) return;
      under = now;
      areas.getTooltip().update();
    });
    areas.bindTooltip(name, { sticky: true, opacity: 1 });
    areas.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (lc.placed(event)) return;
      const { id } = lc.facts.communities[areas.at(event.layerPoint)];
      const unit = lc.unitAt(id);
      lc.select(unit ? "unit" : "community", unit ? unit.id : id);
    });
  }

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
    const marker = L.marker(row.at, { icon, keyboard: true });
    marker.on("add", () => {
      const name = lc.siteTitle(row) + " · " + row.site_id;
      marker.getElement().setAttribute("aria-label", name);
    });
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

  // What depends on the zoom: widths, buildings, plots as shapes or dots, names that have room.
  lc.drawScale = function (layers) {
    const zoom = layers.map.getZoom();
    const { groups } = layers;
    const grow = Math.max(0.45, Math.pow(1.42, zoom - 14));
    Object.keys(STREETS).forEach((name) => {
      const rule = STREETS[name];
      const width = Math.min(rule.width * grow, 16);
      // From afar the small streets of a dense town would hide the colours under their casings.
      [
        [layers.casings[name], width + 1.4, rule.from + 0.75],
        [layers.streets[name], width, rule.from],
      ].forEach(([line, weight, from]) => {
        if (!line) return;
        if (zoom < from) groups.streets.removeLayer(line);
        else line.setStyle({ weight }).addTo(groups.streets);
      });
    });
    swap(groups.buildings, layers.buildings, lc.isShown("buildings") && zoom >= BUILDINGS_FROM);
    // Close up, the ground is what one looks at, and the colour only reminds.
    const strength = layers.strength * (zoom >= BUILDINGS_FROM ? 0.6 : 1);
    layers.areas.setStyle({ fillOpacity: strength });
    drawEdges(layers);
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
    lc.drawNames(layers);
    order(groups);
    lc.spreadPins(layers);
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

  // Lines around what is few pixels wide would hide its colour.
  function drawEdges(layers) {
    const { selected } = lc.state;
    const across = layers.areas.across(layers.map.getZoom());
    const thin = across < 7 ? 0 : Math.min(1, across / 30);
    const usual = layers.view.outline || (() => 1);
    layers.edges.pen(
      lc.facts.communities.map((row) => {
        const mine = selected && selected.kind === "community" && selected.id === row.id;
        return mine ? [3.4, "#111827"] : [usual(row) * thin, "#4a5361"];
      }),
    );
  }

  lc.drawView = function (layers, view) {
    const { groups } = layers;
    lc.drawPlaces();
    lc.drawUnits();
    lc.drawRefused();
    layers.view = view;
    layers.fills = lc.facts.communities.map((row) => view.fill(row));
    layers.areas.paint(layers.fills);
    groups.isochrones.clearLayers();
    const drawn = lc.drawAreas(groups);
    if (lc.isShown("isochrones") && view.requirement && !drawn)
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
    lc.markPicked(groups.facilities);
    layers.strength = (view.strength || 0.6) * (drawn ? 0.4 : 1);
    lc.drawTiles(layers);
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
