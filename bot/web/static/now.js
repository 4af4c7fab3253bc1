/**
 * *I need help now*: numbers to call stand there at once, whatever the connection does; then it
 * says whether somebody reads.
 */

import { byId, make } from "./dom.js";
import { callLine } from "./parts.js";
import { inEveryLanguage, own, say, settings } from "./words.js";

const PATIENCE = 8000;
const WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
let panel = null;
let opener = null;
let told = "";
let timer = null;

export function start(ask) {
  panel = byId("now");
  opener = byId("now-button");
  asButton(opener, () => open(ask));
  asButton(byId("now-close"), close);
  inEveryLanguage(draw);
}

export const isOpen = () => "open" in panel.dataset;
/** The server's answer to the wish for help: whether somebody reads, else all of it. */
export function answer(text) {
  const known = [say("now_reading"), say("now_nobody")];
  state(text.split("\n\n").find((part) => known.includes(part)) || text, false);
}

export function close() {
  delete panel.dataset.open;
  clearTimeout(timer);
  opener.setAttribute("aria-expanded", "false");
  if (location.hash === "#now") history.replaceState(null, "", location.pathname + location.search);
  opener.focus();
}

/** What became of asking: `asking`, `offline` or `unknown`. */
export function tell(what) {
  if (isOpen()) state(say(`now_${what}`), true);
}

function open(ask) {
  // Who taps twice in need must not close it by that, nor ask twice.
  if (isOpen()) return byId("now-title").focus();
  draw();
  panel.dataset.open = "";
  opener.setAttribute("aria-expanded", "true");
  scrollTo({ top: 0 });
  byId("now-title").focus({ preventScroll: true });
  tell(navigator.onLine === false ? "offline" : "asking");
  clearTimeout(timer);
  timer = setTimeout(() => told === say("now_asking") && tell("unknown"), PATIENCE);
  ask();
}

function state(text, aloud) {
  if (!isOpen()) return;
  told = text;
  if (!aloud) clearTimeout(timer);
  // The conversation reads the server's answer aloud itself; twice would be once too often.
  byId("now-state").setAttribute("aria-live", aloud ? "assertive" : "off");
  byId("now-state").textContent = text;
}

/** Lines that answer now stand above what the server says, the others below it. */
function draw() {
  const minute = here();
  const lists = { open: byId("now-lines"), closed: byId("now-later") };
  Object.values(lists).forEach((list) => list.replaceChildren());
  for (const line of own().lines) {
    const state = isReachable(line, minute) ? "open" : "closed";
    lists[state].append(make("li", {}, callLine({ ...line, state })));
  }
}

/** Weekday (0 is Monday) and minutes of the day where the network is. */
function here() {
  const options = { timeZone: settings.zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date());
  const part = (type) => parts.find((found) => found.type === type).value;
  return { day: WEEK.indexOf(part("weekday")), at: Number(part("hour")) * 60 + Number(part("minute")) };
}

function isReachable({ openings }, { day, at }) {
  return openings.length === 0 || openings.some(({ days, opens, closes }) => {
    const [from, to] = [opens, closes].map((time) => {
      const [hour, minute] = time.split(":").map(Number);
      return hour * 60 + minute;
    });
    if (from < to) return days.includes(day) && at >= from && at < to;
    // Past midnight: the evening of its day, and the morning after.
    return (days.includes(day) && at >= from) || (days.includes((day + 6) % 7) && at < to);
  });
}

/** A link that works without script, and is a button with it: Space presses it too. */
function asButton(link, act) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    act();
  });
}
