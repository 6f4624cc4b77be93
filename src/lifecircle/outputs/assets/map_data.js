"use strict";
// Unpacks what the page carries and turns codes into words, numbers into text and text into DOM.
window.lifecircle = window.lifecircle || {};
(function (lc) {
  lc.FINE = 1e6;
  lc.COARSE = 1e5;
  lc.OTHER = "#444444"; // facilities of no service of the standard
  lc.state = {
    language: "zh",
    view: "index",
    palette: "five",
    elder: null,
    service: null,
    circle: null,
    requirement: null,
    gap: "",
    unitset: null,
    selected: null,
    shown: {},
  };

  lc.unpack = async function (name) {
    const holder = document.getElementById("lc-" + name);
    if (!holder) return null;
    const letters = atob(holder.textContent);
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < bytes.length; place += 1) bytes[place] = letters.charCodeAt(place);
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const text = await new Response(plain).text();
    holder.remove();
    return rowsAgain(JSON.parse(text));
  };

  // Rows travel as columns: [count, names, columns, and for names some rows lack, who has them].
  function rowsAgain(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) {
      // Outlines, by far the most of it, are plain numbers.
      if (value.length && typeof value[0] !== "number")
        for (let place = 0; place < value.length; place += 1) value[place] = rowsAgain(value[place]);
      return value;
    }
    if (!("%table" in value)) {
      Object.keys(value).forEach((key) => (value[key] = rowsAgain(value[key])));
      return value;
    }
    const [count, names, columns, having] = value["%table"];
    const rows = Array.from({ length: count }, () => ({}));
    names.forEach((name, place) => {
      const column = columns[place];
      const same = !Array.isArray(column) && "%same" in column;
      const cells = same ? null : rowsAgain(column);
      const has = having[name];
      let next = 0;
      for (let at = 0; at < count; at += 1)
        if (!has || has[at] === "1") rows[at][name] = same ? column["%same"] : cells[next++];
    });
    return rows;
  }

  // Steps (longitude, latitude, then differences) become Leaflet's [latitude, longitude] pairs.
  lc.path = function (steps, scale) {
    const points = new Array(steps.length / 2);
    let x = 0;
    let y = 0;
    for (let i = 0; i < points.length; i += 1) {
      x += steps[2 * i];
      y += steps[2 * i + 1];
      points[i] = [y / scale, x / scale];
    }
    return points;
  };
  lc.paths = (many, scale) => many.map((steps) => lc.path(steps, scale));

  const place = () => (lc.state.language === "zh" ? 0 : 1);
  lc.comma = () => (lc.state.language === "zh" ? "、" : ", ");
  lc.pick = (pair) => (pair ? pair[place()] : "");

  lc.t = function (key, values) {
    const text = lc.pick(lc.facts.words[key]);
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      values && name in values ? String(values[name]) : whole,
    );
  };

  lc.label = function (domain, code) {
    if (code === null || code === undefined || code === "") return "";
    const pair = (lc.facts.labels[domain] || {})[code];
    return pair ? lc.pick(pair) : String(code);
  };

  lc.serviceName = (service) => {
    const found = lc.facts.services.find((row) => row[0] === service);
    return found ? lc.pick(found[1]) : String(service || "");
  };
  lc.typeName = (type) => lc.pick(lc.facts.types[type]) || String(type || "");
  lc.requirementOf = (id) => lc.facts.requirements.find((row) => row.id === id);

  lc.limitText = function (requirement) {
    return requirement.minutes !== null
      ? lc.t("minutes", { n: lc.number(requirement.minutes) })
      : lc.t("metres", { n: lc.number(requirement.limit_m) });
  };

  // A count held back comes as text ("<10") and stays as it is.
  lc.number = function (value, digits) {
    if (value === null || value === undefined) return "—";
    if (typeof value === "string") return value;
    return value.toLocaleString(lc.state.language === "zh" ? "zh-CN" : "en-GB", {
      maximumFractionDigits: digits || 0,
    });
  };
  // Below a whole community the last percent matters: 99.6 % is not everybody.
  lc.percent = function (share) {
    if (share === null || share === undefined) return "—";
    const whole = Math.round(share * 100);
    const kept = whole === 100 && share < 1 ? 99 : whole === 0 && share > 0 ? 1 : whole;
    return (kept !== whole ? (kept === 99 ? ">" : "<") : "") + kept + "%";
  };
  lc.minutesOf = (seconds) =>
    seconds === null || seconds === undefined ? "—" : lc.number(Math.round(seconds / 6) / 10, 1);

  lc.shareColour = function (share) {
    const { grade, share: classes } = lc.palette();
    if (share === null || share === undefined) return grade.none;
    return classes.find((row) => share >= row[0])[1];
  };
  // Where too few facilities are known the share is the least it can be, and no verdict.
  lc.isJudged = (score) => score.verdict !== "unknown";
  lc.scoreColour = (score) => lc.shareColour(lc.isJudged(score) ? score.share : null);
  lc.scoreText = function (score) {
    if (lc.isJudged(score)) return lc.percent(score.share);
    return score.share ? lc.t("at_least", { n: lc.percent(score.share) }) : "—";
  };
  lc.palette = () => lc.facts.colours.palettes[lc.state.palette];
  lc.gradeColour = (grade) => lc.palette().grade[grade] || lc.palette().grade.none;
  const classOf = (rows, count) => rows.filter((row) => count >= row[0]).pop()[1];
  lc.countColour = (count) => classOf(lc.facts.colours.count, count);
  // Classes of the number of gaps are the study's own, so that they tell communities apart.
  lc.gapColour = (count) => classOf(lc.facts.colours.gap_count, count);

  // Builds an element; text goes in as text, never as markup.
  lc.el = function (tag, options, ...children) {
    const node = document.createElement(tag);
    const given = options || {};
    Object.keys(given).forEach((key) => {
      const value = given[key];
      if (value === null || value === undefined || value === false) return;
      if (key === "class") node.className = value;
      else if (key === "style") Object.assign(node.style, value);
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    });
    children.flat(Infinity).forEach((child) => {
      if (child === null || child === undefined || child === "") return;
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    });
    return node;
  };

  lc.named = (row) => row.name || lc.t("unnamed");

  // Whether a layer is shown: what the reader chose, else what suits the view.
  lc.isShown = function (layer) {
    if (layer in lc.state.shown) return lc.state.shown[layer];
    const { view, gap } = lc.state;
    if (layer === "facilities") return view === "service" || lc.elderAsked() || (view === "gaps" && gap !== "");
    if (layer === "isochrones") return view === "service" || lc.elderAsked();
    if (layer === "homes") return view === "gaps" && gap !== "";
    return true;
  };
})(window.lifecircle);
