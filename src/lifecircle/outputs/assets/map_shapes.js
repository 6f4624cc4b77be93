"use strict";
// Draws thousands of outlines, lines or points as one layer each: corners stay in typed arrays, what
// is off the screen is skipped, from afar corners closer than half a pixel fall together, and a grid
// tells what lies under a spot without asking every outline.
(function (lc) {
  const WORLD = 256;
  const FINEST = 19;
  const BATCH = 400;

  // Web Mercator at zoom 0, in pixels: a zoom is then one factor and one shift.
  function flat(steps, scale, into) {
    let x = 0;
    let y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      const sine = Math.sin(((y / scale) * Math.PI) / 180);
      into.push(WORLD * (x / scale / 360 + 0.5));
      into.push(WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)));
    }
  }

  // Corners of all parts in one array: part i is corners first[i] to first[i + 1].
  function gathered(parts) {
    const first = new Int32Array(parts.length + 1);
    parts.forEach((part, i) => (first[i + 1] = first[i] + part.length));
    const xy = new Float64Array(first[parts.length]);
    parts.forEach((part, i) => xy.set(part, first[i]));
    return { first, xy };
  }

  // Corners fall onto a raster of half a pixel, so that neighbours still meet.
  function coarser({ first, xy }, level) {
    const step = 0.5 / Math.pow(2, level);
    const parts = [];
    for (let part = 0; part + 1 < first.length; part += 1) {
      const kept = [];
      for (let i = first[part]; i < first[part + 1]; i += 2) {
        const x = Math.round(xy[i] / step) * step;
        const y = Math.round(xy[i + 1] / step) * step;
        const last = kept.length;
        if (last && kept[last - 2] === x && kept[last - 1] === y) continue;
        kept.push(x, y);
      }
      parts.push(kept);
    }
    return gathered(parts);
  }

  const Many = L.Path.extend({
    // Where the map's pixels lie on the flat world: [factor, left, top].
    _view() {
      const origin = this._map.getPixelOrigin();
      return [Math.pow(2, this._map.getZoom()), origin.x, origin.y];
    },
    _project() {
      const [west, north, east, south] = this._box;
      this._pxBounds = null;
      if (!(east >= west)) return;
      const [factor, left, top] = this._view();
      const margin = new L.Point(20, 20);
      this._pxBounds = L.bounds(
        L.point(west * factor - left, north * factor - top).subtract(margin),
        L.point(east * factor - left, south * factor - top).add(margin),
      );
    },
    _updateBounds() {
      if (this._map) this._project();
    },
    // Leaflet asks to be ready to draw; nothing has to be.
    _update() {},
    _containsPoint: () => false,
  });

  function latLng(x, y) {
    const lat = (2 * Math.atan(Math.exp((0.5 - y / WORLD) * 2 * Math.PI)) - Math.PI / 2) * (180 / Math.PI);
    return L.latLng(lat, (x / WORLD - 0.5) * 360);
  }

  // `shapes`: per shape its rings or lines as steps, or other `Shapes` to share corners with. `paint` gives each its own colour, `pens` its
  // own width and colour of line; null draws nothing.
  lc.Shapes = Many.extend({
    initialize(shapes, scale, options) {
      L.setOptions(this, { closed: true, ...options });
      this._fills = null;
      this._pens = null;
      if (shapes instanceof lc.Shapes) {
        ["count", "_owner", "_levels", "_box", "_boxes", "_partBoxes"].forEach(
          (name) => (this[name] = shapes[name]),
        );
        return;
      }
      const parts = [];
      const owner = [];
      shapes.forEach((rings, shape) =>
        rings.forEach((steps) => {
          const corners = [];
          flat(steps, scale, corners);
          parts.push(corners);
          owner.push(shape);
        }),
      );
      this.count = shapes.length;
      this._owner = Int32Array.from(owner);
      this._levels = new Map([[FINEST, gathered(parts)]]);
      this._bound();
    },

    _bound() {
      const { first, xy } = this._levels.get(FINEST);
      const boxes = new Float64Array(this.count * 4);
      const parts = new Float64Array(this._owner.length * 4);
      const none = [Infinity, Infinity, -Infinity, -Infinity];
      for (let shape = 0; shape < this.count; shape += 1) boxes.set(none, 4 * shape);
      this._box = [...none];
      this._owner.forEach((shape, part) => {
        const at = 4 * part;
        parts.set(none, at);
        for (let i = first[part]; i < first[part + 1]; i += 2) {
          if (xy[i] < parts[at]) parts[at] = xy[i];
          if (xy[i + 1] < parts[at + 1]) parts[at + 1] = xy[i + 1];
          if (xy[i] > parts[at + 2]) parts[at + 2] = xy[i];
          if (xy[i + 1] > parts[at + 3]) parts[at + 3] = xy[i + 1];
        }
        [boxes.subarray(4 * shape, 4 * shape + 4), this._box].forEach((box) => {
          [0, 1].forEach((k) => (box[k] = Math.min(box[k], parts[at + k])));
          [2, 3].forEach((k) => (box[k] = Math.max(box[k], parts[at + k])));
        });
      });
      this._boxes = boxes;
      this._partBoxes = parts;
    },

    paint(colours) {
      this._fills = colours;
      return this._map ? this.redraw() : this;
    },
    // `pens`: per shape [width, colour].
    pen(pens) {
      this._pens = pens;
      return this._map ? this.redraw() : this;
    },

    // How large a shape is on the screen at a zoom, in pixels across, on the whole.
    across(zoom) {
      if (!this.count) return 0;
      if (this._mean === undefined) {
        const sizes = [];
        for (let at = 0; at < this._boxes.length; at += 4)
          if (this._boxes[at] < Infinity) sizes.push(this._boxes[at + 2] - this._boxes[at]);
        this._mean = sizes.sort((a, b) => a - b)[sizes.length >> 1] || 0;
      }
      return this._mean * Math.pow(2, zoom);
    },

    // The diagonal of a shape on the flat world.
    sizeOf(shape) {
      const [west, north, east, south] = this._boxes.subarray(4 * shape, 4 * shape + 4);
      return east < west ? 0 : Math.hypot(east - west, south - north);
    },

    boundsOf(shape) {
      const [west, north, east, south] = this._boxes.subarray(4 * shape, 4 * shape + 4);
      return east < west ? L.latLngBounds([]) : L.latLngBounds(latLng(west, south), latLng(east, north));
    },

    _level() {
      const level = Math.ceil(this._map.getZoom());
      if (level > FINEST - 2) return this._levels.get(FINEST);
      if (!this._levels.has(level)) {
        const whole = this._levels.get(FINEST);
        const less = coarser(whole, level);
        // Where little is gained the whole serves, and no memory is taken.
        this._levels.set(level, less.xy.length > 0.8 * whole.xy.length ? whole : less);
      }
      return this._levels.get(level);
    },

    // Calls `draw(part, shape)` for parts on the screen.
    _each(draw) {
      const seen = this._renderer._redrawBounds || this._renderer._bounds;
      const [factor, left, top] = this._view();
      const margin = (this.options.weight || 0) + 2;
      const west = (seen.min.x + left - margin) / factor;
      const north = (seen.min.y + top - margin) / factor;
      const east = (seen.max.x + left + margin) / factor;
      const south = (seen.max.y + top + margin) / factor;
      const boxes = this._partBoxes;
      for (let part = 0; part < this._owner.length; part += 1) {
        const at = 4 * part;
        if (boxes[at] > east || boxes[at + 2] < west) continue;
        if (boxes[at + 1] > south || boxes[at + 3] < north) continue;
        draw(part, this._owner[part]);
      }
    },

    _trace(context, { first, xy }, part, [factor, left, top]) {
      const end = first[part + 1];
      for (let i = first[part]; i < end; i += 2) {
        const x = xy[i] * factor - left;
        const y = xy[i + 1] * factor - top;
        if (i === first[part]) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      if (this.options.closed) context.closePath();
    },

    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing) return;
      const style = this.options;
      const sheets = new Map();
      this._each((part, shape) => {
        const fill = style.fill ? (this._fills ? this._fills[shape] : style.fillColor) : null;
        const pen = this._pens ? this._pens[shape] : style.stroke ? [style.weight, style.color] : null;
        if (!fill && !pen) return;
        const key = fill + "|" + pen;
        let sheet = sheets.get(key);
        if (!sheet) sheets.set(key, (sheet = { fill, pen, parts: [] }));
        sheet.parts.push(part);
      });
      // Thick lines last: they mark what is chosen.
      [...sheets.values()]
        .sort((a, b) => (a.pen ? a.pen[0] : 0) - (b.pen ? b.pen[0] : 0))
        .forEach((sheet) => this._draw(renderer._ctx, sheet));
    },

    _draw(context, { fill, pen, parts }) {
      const style = this.options;
      const corners = this._level();
      const view = this._view();
      // A path of very many parts is slow to fill, one of each part slow to call; holes need their
      // outer ring, so a batch ends with a shape.
      for (let start = 0; start < parts.length; ) {
        let end = Math.min(start + BATCH, parts.length);
        while (end < parts.length && this._owner[parts[end]] === this._owner[parts[end - 1]]) end += 1;
        context.beginPath();
        for (let i = start; i < end; i += 1) this._trace(context, corners, parts[i], view);
        if (fill) {
          context.globalAlpha = style.fillOpacity;
          context.fillStyle = fill;
          context.fill("nonzero");
        }
        if (pen && pen[0]) {
          context.globalAlpha = style.opacity;
          context.setLineDash(style._dashArray || []);
          context.lineWidth = pen[0];
          context.strokeStyle = pen[1];
          context.lineCap = style.lineCap;
          context.lineJoin = style.lineJoin;
          context.stroke();
        }
        start = end;
      }
      context.globalAlpha = 1;
    },

    // Shapes by cells of a raster: cell c holds items start[c] to start[c + 1].
    _raster() {
      if (this._grid) return this._grid;
      const [west, north, east, south] = this._box;
      const side = Math.max(1, Math.ceil(Math.sqrt(this.count)));
      const wide = (east - west) / side || 1;
      const high = (south - north) / side || 1;
      const boxes = this._boxes;
      const start = new Int32Array(side * side + 1);
      const column = (x) => Math.max(0, Math.min(side - 1, Math.floor((x - west) / wide)));
      const row = (y) => Math.max(0, Math.min(side - 1, Math.floor((y - north) / high)));
      const each = (shape, call) => {
        const at = 4 * shape;
        if (boxes[at] === Infinity) return;
        for (let r = row(boxes[at + 1]); r <= row(boxes[at + 3]); r += 1)
          for (let c = column(boxes[at]); c <= column(boxes[at + 2]); c += 1) call(r * side + c);
      };
      for (let shape = 0; shape < this.count; shape += 1) each(shape, (cell) => (start[cell + 1] += 1));
      for (let cell = 0; cell < side * side; cell += 1) start[cell + 1] += start[cell];
      const items = new Int32Array(start[side * side]);
      const next = start.slice();
      for (let shape = 0; shape < this.count; shape += 1)
        each(shape, (cell) => (items[next[cell]++] = shape));
      const rings = new Int32Array(this.count + 1);
      this._owner.forEach((shape) => (rings[shape + 1] += 1));
      for (let shape = 0; shape < this.count; shape += 1) rings[shape + 1] += rings[shape];
      this._grid = { start, items, rings, cell: (x, y) => row(y) * side + column(x) };
      return this._grid;
    },

    // Which shape lies under a pixel of the layer, -1 for none.
    at(spot) {
      const [factor, left, top] = this._view();
      const x = (spot.x + left) / factor;
      const y = (spot.y + top) / factor;
      const [west, north, east, south] = this._box;
      if (!(x >= west && x <= east && y >= north && y <= south)) return -1;
      const { start, items, rings, cell } = this._raster();
      const { first, xy } = this._levels.get(FINEST);
      const here = cell(x, y);
      for (let place = start[here + 1] - 1; place >= start[here]; place -= 1) {
        const shape = items[place];
        let inside = false;
        for (let i = first[rings[shape]], part = rings[shape]; part < rings[shape + 1]; part += 1)
          for (let j = first[part + 1] - 2; i < first[part + 1]; j = i, i += 2)
            if (
              xy[i + 1] > y !== xy[j + 1] > y &&
              x < ((xy[j] - xy[i]) * (y - xy[i + 1])) / (xy[j + 1] - xy[i + 1]) + xy[i]
            )
              inside = !inside;
        if (inside) return shape;
      }
      return -1;
    },

    _containsPoint(spot) {
      return this.options.interactive && this.at(spot) >= 0;
    },
  });

  // Points as dots of one size, each in its colour; null draws none.
  lc.Dots = Many.extend({
    initialize(steps, scale, options) {
      L.setOptions(this, options);
      const xy = [];
      flat(steps, scale, xy);
      this._xy = Float64Array.from(xy);
      this._colours = [];
      this._box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < xy.length; i += 2) {
        [0, 1].forEach((k) => (this._box[k] = Math.min(this._box[k], xy[i + k])));
        [0, 1].forEach((k) => (this._box[k + 2] = Math.max(this._box[k + 2], xy[i + k])));
      }
    },
    paint(colours) {
      this._colours = colours;
      return this.redraw();
    },
    _updatePath() {
      const context = this._renderer._ctx;
      const seen = this._renderer._bounds;
      if (!this._renderer._drawing) return;
      const [factor, left, top] = this._view();
      const radius = Math.max(1.4, (this._map.getZoom() - 11.5) * 0.8);
      this._colours.forEach((colour, place) => {
        if (!colour) return;
        const x = this._xy[2 * place] * factor - left;
        const y = this._xy[2 * place + 1] * factor - top;
        if (x < seen.min.x || x > seen.max.x || y < seen.min.y || y > seen.max.y) return;
        context.fillStyle = colour;
        if (radius < 2) {
          context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
          return;
        }
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      });
    },
  });
})(window.lifecircle);
