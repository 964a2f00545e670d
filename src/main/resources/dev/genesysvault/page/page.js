// Asks for what is drawn every ten seconds while somebody looks, and draws it.
const byId = (id) => document.getElementById(id);
const EACH = 10000;
let shown = null, answered = 0, chosen = "";

function facts(node, ...parts) {
  node.replaceChildren(...parts.flatMap((part, i) => (i === 0 ? [part] : [" · ", part])));
}

const bold = (text, bad) => el("b", {class: bad ? "bad" : null}, text);
const sum = (mounts, of) => mounts.reduce((all, mount) => all + of(mount), 0);

function alarmNode(alarm, now) {
  const node = el("article", {class: "alarm " + alarm.severity},
    el("h3", {}, alarm.meaning, alarm.count > 1 ? el("span", {class: "times"}, "×" + number.format(alarm.count)) : null),
    el("p", {class: "where"},
      el("span", {class: "pill"}, alarm.severity),
      el("span", {}, alarm.mount),
      el("span", {title: new Date(alarm.since * 1000).toISOString()}, (alarm.count > 1 ? "the first for " : "for ") + duration(now - alarm.since)),
      el("code", {}, "vault read " + alarm.path)),
    el("p", {class: "do"}, bold("To do: "), alarm.advice + "."));
  if (alarm.subjects?.length > 0) {
    const more = alarm.count - alarm.subjects.length;
    node.append(el("p", {class: "detail"}, bold(alarm.subjects.join(", ")), more > 0 ? " and " + number.format(more) + " more" : ""));
  }
  if (alarm.detail) node.append(el("p", {class: "detail"}, alarm.detail));
  return node;
}

function drawBanner(data) {
  const box = byId("banner"), alarms = data.alarms;
  if (alarms.list.length === 0) {
    box.replaceChildren(calm(data));
    return;
  }
  const worst = alarms.list[0].severity;
  const told = ["critical", "error", "warning", "info"].filter((word) => alarms[word] > 0).map((word) => number.format(alarms[word]) + " " + word);
  const known = alarms.more + ["critical", "error", "warning", "info"].reduce((n, word) => n + alarms[word], 0);
  const first = alarms.list.slice(0, 4), rest = alarms.list.slice(4);
  const open = box.querySelector("details")?.open ?? false;
  const node = el("div", {class: "alarms " + worst},
    el("div", {class: "title"}, count(known, "alarm stands", "alarms stand"), el("small", {}, told.join(" · "))),
    ...first.map((alarm) => alarmNode(alarm, data.now)));
  if (rest.length > 0 || alarms.more > 0) {
    const more = el("details", {class: "more"}, el("summary", {}, count(rest.length, "more cause", "more causes") + (alarms.more > 0 ? ", and " + count(alarms.more, "alarm") + " not shown: see the mounts' status" : "")), ...rest.map((alarm) => alarmNode(alarm, data.now)));
    more.open = open;
    node.append(more);
  }
  box.replaceChildren(node);
}

// What is not well before an alarm tells of it.
function doubts(data) {
  const said = [];
  const away = data.mounts.filter((mount) => ["away", "log_in_refused"].includes(mount.genesys?.status));
  if (away.length > 0) said.push("Genesys does not answer " + (away.length === 1 ? away[0].path : count(away.length, "mount")) + " for now");
  const waiting = data.mounts.filter((mount) => mount.session === "waiting");
  if (waiting.length > 0) said.push("background work begins anew for " + count(waiting.length, "mount"));
  const late = sum(data.mounts, (mount) => mount.rotations?.overdue ?? 0);
  if (late > 0) said.push(count(late, "rotation is", "rotations are") + " overdue");
  return said;
}

function calm(data) {
  const said = doubts(data), well = said.length === 0;
  const roles = sum(data.mounts, (mount) => mount.rotations?.known ?? 0);
  const clients = sum(data.mounts, (mount) => Object.values(mount.clients?.states ?? {}).reduce((a, b) => a + b, 0));
  const what = data.mounts_known === 0 ? "No mount has been heard of yet" : [count(data.mounts_known, "mount"), count(clients, "client"), count(roles, "static role")].join(" · ");
  return el("div", {class: "calm" + (well ? "" : " watch")},
    el("span", {class: "mark", "aria-hidden": "true"}, well ? "✓" : "!"),
    el("div", {}, el("strong", {}, well ? (data.mounts_known === 0 ? "Nothing is wrong" : "All is well") : "No alarm stands, but " + said.join("; ")), el("p", {}, what)));
}

function drawRotations(data) {
  const select = byId("mount");
  const mounts = data.calendar.map((calendar) => calendar.mount);
  if (!mounts.includes(chosen)) chosen = "";
  select.hidden = mounts.length < 2;
  if (select.dataset.mounts !== mounts.join("\n")) {
    select.replaceChildren(el("option", {value: ""}, "all mounts"), ...mounts.map((mount) => el("option", {value: mount}, mount)));
    select.dataset.mounts = mounts.join("\n");
    select.value = chosen;
  }
  const calendars = data.calendar.filter((calendar) => chosen === "" || calendar.mount === chosen);
  const days = new Map();
  for (const calendar of calendars) {
    for (const [offset, ...counts] of calendar.days) {
      const day = days.get(offset) ?? [0, 0, 0];
      counts.forEach((n, i) => (day[i] += n));
      days.set(offset, day);
    }
  }
  const total = (i) => [...days.values()].reduce((n, day) => n + day[i], 0);
  if (days.size === 0) {
    byId("rotation-facts").replaceChildren();
    empty(byId("calendar"), "No rotation in the last 90 days, and none planned in the next.");
  } else {
    facts(byId("rotation-facts"), number.format(total(0)) + " done", number.format(total(1)) + " planned", bold(number.format(total(2)) + " overdue", total(2) > 0));
    drawCalendar(byId("calendar"), days, Math.floor(data.now / DAY), 90);
  }
  drawNamed(data, calendars);
}

function drawNamed(data, calendars) {
  const box = byId("named");
  const list = (of) => calendars.flatMap((calendar) => calendar[of].map(([role, at]) => [calendars.length > 1 ? calendar.mount + role : role, at])).sort((a, b) => a[1] - b[1]).slice(0, 10);
  const late = list("late"), next = list("next");
  box.hidden = !data.names || late.length + next.length === 0;
  const column = (name, roles, text, style) => el("div", {class: style}, el("h3", {}, name), ...roles.map(([role, at]) => el("p", {}, el("span", {title: role}, role), el("span", {title: new Date(at * 1000).toISOString()}, text(at)))));
  box.replaceChildren(
    ...(late.length > 0 ? [column("Overdue", late, (at) => "for " + duration(data.now - at), "late")] : []),
    ...(next.length > 0 ? [column("Next", next, (at) => (at > data.now ? "in " + duration(at - data.now) : "now"), "")] : []));
}

function drawClients(data) {
  const {states, values, step, last} = data.curve;
  const known = values[0].length;
  const latest = (s) => (known === 0 ? 0 : values[s][known - 1]);
  byId("client-facts").replaceChildren(number.format(states.reduce((n, _, s) => n + latest(s), 0)) + " now");
  byId("curve-legend").replaceChildren(...states.flatMap((state, s) => [el("span", {class: "key s-" + state}), state + " ", el("b", {}, number.format(latest(s)))]));
  byId("curve-note").textContent = "Kept in memory alone: " + (data.now - data.started < DAY ? "it begins with the sidecar's start, " : "of older days nothing is known; the sidecar was started ") + duration(data.now - data.started) + " ago.";
  if (!values.some((line) => line.some((n) => n > 0))) {
    empty(byId("curve"), "No client since the sidecar's start.");
  } else {
    drawCurve(byId("curve"), states, values, step, last);
  }
}

const GENESYS = {
  up: ["up", "answers"], unknown: ["off", "not asked yet"], away: ["bad", "does not answer"], log_in_refused: ["bad", "refuses the log-in"],
};

function budgetRow(mount, now) {
  const [dot, text] = GENESYS[mount.genesys?.status ?? "unknown"];
  const budget = mount.budget;
  const since = mount.genesys?.since ? " for " + duration(now - mount.genesys.since) : "";
  const top = el("div", {class: "top"}, el("span", {}, el("span", {class: "dot " + dot}), el("span", {class: "path"}, mount.path)),
    el("span", {class: "chip" + (dot === "bad" ? " bad" : "")}, text + since));
  const row = el("div", {class: "row"}, top);
  if (budget) {
    const waiting = Object.values(budget.waiting).reduce((a, b) => a + b, 0);
    if (budget.paused > 0) top.append(el("span", {class: "chip bad"}, "paused for " + duration(budget.paused)));
    if (waiting > 0) top.append(el("span", {class: "chip warn", title: Object.entries(budget.waiting).map(([lane, n]) => n + " " + lane).join(", ")}, count(waiting, "request waits", "requests wait")));
    const reset = budget.reset > 0 ? ", anew in " + duration(budget.reset) : "";
    top.append(el("span", {class: "right", title: "of " + budget.allowed + " that Genesys allows"}, number.format(budget.used) + " of " + number.format(budget.usable) + " requests" + reset));
    const whole = Math.max(budget.allowed, budget.usable, 1);
    const used = el("i", {class: budget.used > 0.85 * budget.usable ? "high" : null}), left = el("u");
    used.style.width = Math.min(100, (100 * budget.used) / whole) + "%";
    left.style.width = Math.max(0, 100 - (100 * budget.usable) / whole) + "%";
    row.append(el("div", {class: "meter" + (budget.paused > 0 ? " paused" : "")}, left, used));
  }
  if (mount.genesys?.last_success) row.append(el("p", {class: "last"}, "last success " + duration(now - mount.genesys.last_success) + " ago"));
  if (mount.genesys?.reason) row.append(el("p", {class: "why"}, mount.genesys.reason));
  return row;
}

function troubled(mount) {
  return (["away", "log_in_refused"].includes(mount.genesys?.status) ? 4 : 0) + (mount.budget?.paused > 0 ? 2 : 0) + (mount.session === "waiting" ? 1 : 0);
}

function drawBudgets(data) {
  const mounts = [...data.mounts].sort((a, b) => troubled(b) - troubled(a));
  if (mounts.length === 0) {
    byId("budget-note").replaceChildren();
    empty(byId("budget-rows"), "No mount has been heard of yet.");
    return;
  }
  byId("budget-note").textContent = "requests of this minute; hatched: left to others";
  const box = byId("budget-rows"), scrolled = box.scrollTop;
  box.replaceChildren(...mounts.map((mount) => budgetRow(mount, data.now)));
  box.scrollTop = scrolled;
}

// Group, head, value of a mount (undefined: not known), how bad it is that there are some.
const COLUMNS = [
  ["Clients", "to deac\u00adtivate", (m) => m.clients && (m.clients.steps.deactivate ?? 0), "soft"],
  ["Clients", "to delete", (m) => m.clients && (m.clients.steps.delete ?? 0), "soft"],
  ["Clients", "to look for", (m) => m.clients && (m.clients.steps.search ?? 0) + (m.clients.steps.drain ?? 0), "soft"],
  ["Clients", "failing", (m) => m.clients && m.clients.failing, "warn"],
  ["Clients", "need a person", (m) => m.clients && (m.clients.states.stuck ?? 0) + m.clients.unreadable + m.clients.journal_unusable, "bad"],
  ["Static roles", "in rotation", (m) => m.rotations && Object.entries(m.rotations.phases).reduce((n, [phase, k]) => n + (phase === "idle" ? 0 : k), 0), "soft"],
  ["Static roles", "failing", (m) => m.rotations && m.rotations.failing, "warn"],
  ["Static roles", "drifted", (m) => m.rotations && m.rotations.drifted, "warn"],
  ["Static roles", "overdue", (m) => m.rotations && m.rotations.overdue, "bad"],
  ["Elsewhere", "desti\u00adnations behind", (m) => m.rotations && m.rotations.behind, "warn"],
  ["Elsewhere", "requests to Genesys", (m) => m.budget && Object.values(m.budget.waiting).reduce((a, b) => a + b, 0), "soft"],
];

function cell([, , value, tone], mount, gap) {
  const n = value(mount);
  const text = n === undefined ? "?" : n === 0 ? "·" : number.format(n);
  return el("td", {class: gap ? "gap" : null}, el("span", {class: "v " + (n ? tone : "zero")}, text));
}

const starts = (i) => i > 0 && COLUMNS[i][0] !== COLUMNS[i - 1][0];
const SESSION = {up: ["up", "works"], waiting: ["warn", "begins anew after a failure"], closed: ["off", "is closed: another node may be active"]};

function drawWaits(data) {
  if (data.mounts.length === 0) {
    byId("waits-head").replaceChildren();
    byId("waits-rows").replaceChildren(el("tr", {}, el("td", {}, el("div", {class: "empty"}, "No mount has been heard of yet."))));
    return;
  }
  if (byId("waits-head").childElementCount === 0) {
    const groups = [...new Set(COLUMNS.map((column) => column[0]))];
    byId("waits-head").replaceChildren(
      el("tr", {class: "groups"}, el("th"), ...groups.map((group, i) => el("th", {colspan: COLUMNS.filter((column) => column[0] === group).length, class: i > 0 ? "gap" : null}, group))),
      el("tr", {}, el("th", {}, "Mount"), ...COLUMNS.map((column, i) => el("th", {class: starts(i) ? "gap" : null}, column[1]))));
  }
  const left = data.mounts_known - data.mounts.length;
  byId("waits-note").textContent = left > 0 ? count(left, "further mount is", "further mounts are") + " not shown" : "dot: the mount's background session";
  const bad = (mount) => troubled(mount) + COLUMNS.reduce((n, [, , value, tone]) => n + (value(mount) > 0 ? {bad: 100, warn: 10, soft: 0}[tone] : 0), 0);
  const mounts = [...data.mounts].sort((a, b) => bad(b) - bad(a));
  byId("waits-rows").replaceChildren(...mounts.map((mount) => {
    const [dot, text] = SESSION[mount.session];
    const name = el("td", {title: "its background session " + text + (mount.session_trouble ? ": " + mount.session_trouble : "")}, el("span", {class: "dot " + dot}), el("span", {class: "path"}, mount.path));
    return el("tr", {}, name, ...COLUMNS.map((column, i) => cell(column, mount, starts(i))));
  }));
}

function draw(data) {
  shown = data;
  byId("version").textContent = data.version;
  byId("uptime").textContent = "up for " + duration(data.now - data.started);
  document.title = (data.alarms.list.length > 0 ? "⚠ " : "") + "Genesys Vault sidecar";
  drawBanner(data);
  drawRotations(data);
  drawClients(data);
  drawBudgets(data);
  drawWaits(data);
}

function tellAge() {
  const node = byId("fresh");
  if (answered === 0) return;
  const age = (Date.now() - answered) / 1000;
  const old = age > (3 * EACH) / 1000;
  node.className = "fresh" + (old ? " stale" : "");
  node.textContent = old ? "no answer for " + duration(age) + ": what you see is old" : "as of " + new Date(answered).toLocaleTimeString("en-GB");
}

async function ask() {
  try {
    const reply = await fetch("page.json", {cache: "no-store"});
    if (!reply.ok) throw new Error("HTTP " + reply.status);
    draw(await reply.json());
    answered = Date.now();
    document.documentElement.dataset.drawn = "yes";
  } catch (e) {
    if (answered === 0) {
      byId("fresh").className = "fresh stale";
      byId("fresh").textContent = "no answer: " + e.message;
    }
  }
  tellAge();
}

byId("mount").addEventListener("change", (event) => {
  chosen = event.target.value;
  if (shown) drawRotations(shown);
});
let width = 0;
new ResizeObserver(() => {
  if (shown && width !== document.body.clientWidth) {
    width = document.body.clientWidth;
    drawRotations(shown);
    drawClients(shown);
  }
}).observe(document.body);
document.addEventListener("visibilitychange", () => document.hidden || ask());
setInterval(() => document.hidden || ask(), EACH);
setInterval(tellAge, 1000);
ask();
