/** The conversation as it stands on the page: rows in order, and which buttons still count. */

import { byId, make } from "./dom.js";
import { fill } from "./parts.js";
import { clock, day, inEveryLanguage, say, settings } from "./words.js";

const rows = new Map();
const used = new Set();
const unsent = new Set();
let list = null;
let press = null;

export function start(onPress) {
  list = byId("messages");
  press = onPress;
  inEveryLanguage(() => {
    rows.forEach((row) => draw(row));
    settle();
  });
}

export function clear() {
  rows.clear();
  used.clear();
  [...list.children].forEach((item) => unsent.has(item) || item.remove());
}

export const patientWrote = () =>
  unsent.size > 0 || [...rows.values()].some(({ message }) => message.from === "patient");

/** Take in one row of the server; returns its element, or null for a change of another row. */
export function show(message, sent = null) {
  if (message.kind === "update") {
    const changed = rows.get(message.of);
    if (changed) {
      changed.message.choices = message.choices || [];
      changed.message.stripped = changed.message.choices.length === 0;
      draw(changed);
    }
    settle();
    return null;
  }
  const element = sent || make("li");
  unsent.delete(element);
  const row = { message, element };
  rows.set(message.seq, row);
  draw(row);
  place(element, message.seq);
  settle();
  return element;
}

/** A line of our own that no server knows: a kind note about files, or an ended session. */
export function note(text, { atTop = false } = {}) {
  const element = make("li", { class: "event" }, make("p", {}, text));
  if (atTop) list.prepend(element);
  else list.append(element);
  return element;
}

/** The patient's words before the server has them. */
export function showUnsent(text) {
  const element = make("li", { class: "message patient", tabindex: "-1" });
  fill(element, { from: "patient", kind: "text", text: spoken(text) }, {});
  element.append(make("p", { class: "state" }));
  unsent.add(element);
  list.append(element);
  settle();
  return element;
}

/** The oldest unsent bubble that says this, for a row that came before its confirmation. */
export function unsentSaying(text) {
  return [...unsent].find((item) => item.querySelector(".said").textContent === spoken(text));
}

/** The server confirmed a bubble: its row takes its place, or it waits there for its row. */
export function confirmed(element, seq) {
  unsent.delete(element);
  element.querySelector(".state")?.remove();
  if (rows.has(seq)) {
    if (rows.get(seq).element !== element) element.remove();
  } else {
    place(element, seq);
  }
}

export const awaiting = (seq) => list.querySelector(`li[data-seq="${seq}"]`);

/** The buttons of a message were used: none of them can be pressed again. */
export function use(seq) {
  used.add(seq);
  const row = rows.get(seq);
  row.wasUsed = true;
  for (const button of row.element.querySelectorAll("button")) button.disabled = true;
}

/** The button counts again: what it said could not be sent. */
export function release(seq) {
  used.delete(seq);
  settle();
}

function place(element, seq) {
  element.dataset.seq = seq;
  const later = [...list.children].find((other) => {
    const at = Number(other.dataset.seq || (unsent.has(other) ? Infinity : -1));
    return other !== element && at > seq;
  });
  // Moving an element takes the focus from it, so only what stands wrongly is moved.
  if (!element.parentNode || element.nextElementSibling !== (later || null)) {
    list.insertBefore(element, later || null);
  }
}

function draw(row, border = liveAfter()) {
  const { message, element } = row;
  const kind = message.kind === "crisis" ? " crisis" : "";
  const system = message.from === "system" && message.kind !== "crisis";
  element.className = system || message.kind === "event" ? "event" : `message ${message.from}${kind}`;
  element.tabIndex = -1;
  if (message.kind === "crisis") element.setAttribute("aria-live", "assertive");
  const text = message.from === "patient" ? spoken(message.text) : message.text;
  fill(element, { ...message, text }, {
    live: pressable(message) && message.seq > border,
    press: (value, label) => press(message.seq, value, label),
    time: clock(message.at),
  });
}

/** Only what was asked last can be answered by a button; going to the menu ends nothing. */
function liveAfter() {
  const newestFirst = [...rows.values()].map(({ message }) => message).sort((a, b) => b.seq - a.seq);
  const seqOf = (found) => (found ? found.seq : 0);
  const isPatient = ({ from }) => from === "patient";
  const answer = newestFirst.find((row) => isPatient(row) && !(row.text || "").startsWith("/"));
  const asked = seqOf(newestFirst.find(pressable));
  const before = newestFirst.find((row) => isPatient(row) && row.seq < asked);
  return Math.max(seqOf(answer), seqOf(before));
}

const pressable = (message) =>
  Boolean(!message.stripped && (message.choices?.length || message.chips?.length));

/** Draw again what changed: buttons that ended, buttons that count again, and the days. */
function settle() {
  const border = liveAfter();
  let shown = null;
  for (const element of list.children) {
    const row = rows.get(Number(element.dataset.seq));
    if (!row) continue;
    const { message } = row;
    const counts = message.seq > border && pressable(message);
    const hasButtons = Boolean(element.querySelector("button"));
    // Used buttons stay, disabled, until the answer is there: nothing jumps under the finger.
    if (hasButtons !== counts || (counts && !used.has(message.seq) && row.wasUsed)) draw(row, border);
    row.wasUsed = used.has(message.seq);
    const today = day(message.at);
    element.querySelector(".day")?.remove();
    if (shown !== null && shown !== today) element.prepend(make("p", { class: "day" }, today));
    shown = today;
    showTime(row);
  }
}

/** The same minute is told once, under the last that was said in it. */
function showTime({ message, element }) {
  const time = element.querySelector("time");
  const next = rows.get(Number(element.nextElementSibling?.dataset.seq));
  if (time) time.hidden = Boolean(next) && clock(next.message.at) === clock(message.at);
}

/** What the menu sends begins with a slash; people read it in words. */
function spoken(text) {
  const name = /^\/(\w+)(?: (\w+))?$/.exec((text || "").trim());
  if (!name) return text || "";
  if (name[1] === "now") return say("now");
  if (name[1] === "language") {
    const chosen = settings.languages[name[2]];
    return chosen ? `${say("language")}: ${chosen.name}` : say("language");
  }
  return `menu_${name[1]}` in settings.languages[settings.language].texts
    ? say(`menu_${name[1]}`)
    : text;
}
