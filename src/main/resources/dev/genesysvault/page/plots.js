"use strict";
// Plots, drawn of elements alone: no text of anybody is ever taken for markup.
const SVG = "http://www.w3.org/2000/svg";

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes ?? {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const number = new Intl.NumberFormat("en");
const count = (n, one, many) => number.format(n) + " " + (n === 1 ? one : many ?? one + "s");
const DAY = 86400;

function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return s + " s";
  if (s < 90 * 60) return Math.round(s / 60) + " min";
  if (s < 36 * 3600) return Math.round(s / 3600) + " h";
  return Math.round(s / DAY) + " days";
}

const dayText = new Intl.DateTimeFormat("en", {day: "numeric", month: "short", year: "numeric", timeZone: "UTC"});
const monthText = new Intl.DateTimeFormat("en", {month: "short", timeZone: "UTC"});
const hourText = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit"});
const dayOf = (epochDay) => new Date(epochDay * DAY * 1000);

// The least round number that is not below.
function roundUp(most) {
  if (most <= 4) return Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(most));
  const steps = power < 10 ? [6, 8, 10] : [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10];
  return steps.map((m) => Math.round(m * power)).find((m) => m >= most);
}

function empty(box, text) {
  box.replaceChildren(el("div", {class: "empty"}, text));
}

function frame(box, height, label) {
  const width = Math.max(220, box.clientWidth);
  const plot = svg("svg", {viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label});
  box.replaceChildren(plot);
  return {plot, width};
}

function grid(plot, top, left, right, bottom, most) {
  const y = (value) => bottom - ((bottom - top) * value) / most;
  const steps = most <= 4 ? most : 4;
  for (let i = 0; i <= steps; i++) {
    const value = (most * i) / steps;
    if (value !== Math.round(value)) continue;
    plot.append(svg("line", {class: i === 0 ? "axis" : "grid", x1: left, x2: right, y1: y(value), y2: y(value)}));
    const text = svg("text", {x: left - 7, y: y(value) + 4, "text-anchor": "end"});
    text.textContent = number.format(value);
    plot.append(text);
  }
  return y;
}

function title(node, text) {
  const child = svg("title");
  child.textContent = text;
  node.append(child);
  return node;
}

// days: a map of offset to [done, planned, overdue]
function drawCalendar(box, days, today, reach) {
  const height = 190;
  const {plot, width} = frame(box, height, "Rotations of the last and the next " + reach + " days");
  const bin = width < 620 ? 7 : 1;
  const first = -Math.ceil(reach / bin), last = Math.floor(reach / bin);
  const bars = new Map();
  for (const [offset, counts] of days) {
    // Bins of several days end with the day before today, and begin with today.
    const at = Math.floor(offset / bin);
    const bar = bars.get(at) ?? [0, 0, 0];
    counts.forEach((n, i) => (bar[i] += n));
    bars.set(at, bar);
  }
  const most = roundUp(Math.max(1, ...[...bars.values()].map((bar) => bar[0] + bar[1] + bar[2])));
  const left = 12 + 7.5 * number.format(most).length, right = width - 4, top = 24, bottom = height - 24;
  const y = grid(plot, top, left, right, bottom, most);
  const slot = (right - left) / (last - first + 1);
  const x = (at) => left + (at - first) * slot;
  for (let offset = -reach; offset <= reach; offset++) {
    const date = dayOf(today + offset);
    if (date.getUTCDate() === 1) {
      const at = left + (offset / bin - first) * slot;
      plot.append(svg("line", {class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + 5}));
      if (at < right - 24) {
        const text = svg("text", {x: at + 4, y: bottom + 16});
        text.textContent = monthText.format(date);
        plot.append(text);
      }
    }
  }
  const names = ["done", "planned", "overdue"];
  for (const [at, bar] of bars) {
    let base = 0;
    names.forEach((name, i) => {
      if (bar[i] > 0) {
        const high = Math.max(2, y(base) - y(base + bar[i]));
        const wide = Math.max(1.5, slot - (slot > 4 ? 1.5 : 0.5));
        plot.append(svg("rect", {class: name, x: x(at) + (slot - wide) / 2, y: y(base) - high, width: wide, height: high, rx: Math.min(1.5, wide / 3)}));
        base += bar[i];
      }
    });
    // A few of many would be a line of a pixel.
    if (bar[2] > 0) plot.append(svg("circle", {class: "overdue", cx: x(at) + slot / 2, cy: Math.max(top - 4, y(base) - 9), r: 4}));
  }
  const now = left - first * slot;
  plot.append(svg("line", {class: "today", x1: now, x2: now, y1: top - 8, y2: bottom}));
  const text = svg("text", {class: "today-text", x: now, y: 11, "text-anchor": "middle"});
  text.textContent = "today";
  plot.append(text);
  for (let at = first; at <= last; at++) {
    const bar = bars.get(at) ?? [0, 0, 0];
    const from = dayText.format(dayOf(today + at * bin));
    const when = bin === 1 ? from : from + " and six days on";
    const said = names.map((name, i) => bar[i] + " " + name).filter((_, i) => bar[i] > 0).join(", ");
    plot.append(title(svg("rect", {class: "hit", x: x(at), y: top, width: slot, height: bottom - top}), when + ": " + (said || "nothing")));
  }
}

// values: of each state the numbers, the oldest first; the last one is of the time `end`
function drawCurve(box, states, values, step, end) {
  const height = 210;
  const {plot, width} = frame(box, height, "Clients by state over the last 24 hours");
  const length = values[0].length, begin = end - DAY;
  const sums = values[0].map((_, i) => values.reduce((sum, line) => sum + line[i], 0));
  const most = roundUp(Math.max(1, ...sums));
  const left = 12 + 7.5 * number.format(most).length, right = width - 4, top = 10, bottom = height - 24;
  const x = (time) => left + ((right - left) * (time - begin)) / DAY;
  const time = (i) => end - (length - 1 - i) * step;
  const y = grid(plot, top, left, right, bottom, most);
  const every = width < 420 ? 6 : 3;
  for (let hour = Math.ceil(begin / 3600) * 3600; hour <= end; hour += 3600) {
    if (new Date(hour * 1000).getHours() % every === 0 && x(hour) < right - 14 && x(hour) > left + 8) {
      plot.append(svg("line", {class: "axis", x1: x(hour), x2: x(hour), y1: bottom, y2: bottom + 4}));
      const text = svg("text", {x: x(hour), y: bottom + 16, "text-anchor": "middle"});
      text.textContent = hourText.format(new Date(hour * 1000));
      plot.append(text);
    }
  }
  const from = Math.max(0, length - 1440);
  if (time(from) > begin + step) {
    plot.append(title(svg("rect", {class: "unknown", x: left, y: top, width: x(time(from)) - left, height: bottom - top}), "before the sidecar's start: nothing is known"));
  }
  const base = new Array(length).fill(0);
  states.forEach((state, s) => {
    if (!values[s].some((n) => n > 0)) return;
    const up = [], down = [];
    for (let i = from; i < length; i++) {
      const at = x(time(i)).toFixed(1);
      down.push(`${at},${y(base[i]).toFixed(1)}`);
      base[i] += values[s][i];
      up.push(`${at},${y(base[i]).toFixed(1)}`);
    }
    if (length - from === 1) {
      // The first minute is a thin bar.
      const at = x(time(from));
      plot.append(svg("rect", {class: "s-" + state, x: at - 2, y: y(base[from]), width: 2, height: y(base[from] - values[s][from]) - y(base[from])}));
    } else {
      plot.append(svg("polygon", {class: "s-" + state, points: up.concat(down.reverse()).join(" ")}));
    }
  });
  const hours = 48;
  for (let h = 0; h < hours; h++) {
    const at = begin + ((h + 0.5) * DAY) / hours;
    const i = Math.round(length - 1 - (end - at) / step);
    if (i < from) continue;
    const said = states.map((state, s) => number.format(values[s][i]) + " " + state).join(", ");
    plot.append(title(svg("rect", {class: "hit", x: x(begin + (h * DAY) / hours), y: top, width: (right - left) / hours, height: bottom - top}), hourText.format(new Date(time(i) * 1000)) + ": " + said));
  }
}
