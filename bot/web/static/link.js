/**
 * The line to the server: opens or resumes a conversation, and brings every message once and in
 * order, by events while they flow and by asking every few seconds while they do not.
 */

import { Refused, address, call, forget, hasToken, needsToken } from "./api.js";
import { current } from "./words.js";

const ASK_EVERY = 3000;
const EVENTS_AGAIN = 30000;

let handlers = {};
let last = 0;
let isOpen = false;
let events = null;
let asking = null;
let opening = null;
let fetching = null;
let tries = 0;
let left = false;

/** `on`: message(row), typing(), state(name), fresh(wasOpen), ready(). */
export function listen(on) {
  handlers = on;
  addEventListener("online", wake);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.addEventListener("visibilitychange", () => !document.hidden && wake());
}

export const ready = () => isOpen;

/** Resume the conversation of this browser, else begin one; keeps trying until it works. */
export async function open() {
  if (isOpen || opening || left) return;
  opening = needsToken() && !hasToken() ? begin() : resume();
  try {
    await opening;
    isOpen = true;
    tries = 0;
    handlers.state("open");
    handlers.ready();
    startEvents();
  } catch (problem) {
    tries += 1;
    handlers.state(navigator.onLine === false || problem.status === 0 ? "offline" : "closed");
    setTimeout(open, Math.min(1000 * 2 ** tries, 15000));
  } finally {
    opening = null;
  }
}

/** Open an earlier conversation by its return code; throws Refused when that does not work. */
export async function openByCode(code) {
  await call("POST", "/chat/sessions", { language: current(), code });
  restart(false);
  await open();
}

/** The session is gone: begin a new one, keeping what still waits to be sent. */
export async function lost() {
  if (!isOpen) return;
  restart(true);
  forget();
  await open();
}

/** Make sure that the answer to what was just accepted arrives, even over a stalled stream. */
export function expect(seq) {
  if (!events || events.readyState !== EventSource.OPEN) catchUp().catch(failed);
  else setTimeout(() => last <= seq && catchUp().catch(failed), 2000);
}

export function close() {
  left = true;
  isOpen = false;
  stopEvents();
}

async function resume() {
  try {
    await catchUp();
  } catch (problem) {
    if (!(problem instanceof Refused) || ![401, 403, 404].includes(problem.status)) throw problem;
    await begin();
  }
}

async function begin() {
  await call("POST", "/chat/sessions", { language: current() });
  await catchUp();
}

function restart(wasOpen) {
  stopEvents();
  isOpen = false;
  last = 0;
  handlers.fresh(wasOpen);
}

function catchUp() {
  fetching =
    fetching ||
    call("GET", `/chat/messages?after=${last}`)
      .then((messages) => messages.forEach(take))
      .finally(() => {
        fetching = null;
      });
  return fetching;
}

function take(row) {
  if (row.seq <= last) return;
  last = row.seq;
  handlers.message(row);
}

/** One row from the stream; after a gap the missing rows are fetched before it is shown. */
async function receive(row) {
  if (row.seq > last + 1) await catchUp();
  take(row);
}

function startEvents() {
  stopEvents();
  if (needsToken() || !("EventSource" in window)) return ask();
  const stream = new EventSource(address(`/chat/events?after=${last}`));
  events = stream;
  stream.onopen = () => {
    clearTimeout(asking);
    asking = null;
    handlers.state("open");
    catchUp().catch(failed);
  };
  stream.onmessage = (event) => receive(JSON.parse(event.data)).catch(failed);
  stream.addEventListener("typing", () => handlers.typing());
  stream.onerror = () => {
    if (stream !== events) return;
    if (stream.readyState === EventSource.CLOSED) {
      events = null;
      setTimeout(() => isOpen && !events && startEvents(), EVENTS_AGAIN);
    }
    if (!asking) ask();
  };
}

function stopEvents() {
  if (events) events.close();
  events = null;
  clearTimeout(asking);
  asking = null;
}

function ask() {
  asking = setTimeout(async () => {
    try {
      await catchUp();
      handlers.state("open");
    } catch (problem) {
      failed(problem);
    }
    if (asking) ask();
  }, ASK_EVERY);
}

function failed(problem) {
  if (!isOpen) return;
  if (problem.status === 401) lost();
  else handlers.state(problem.status === 0 ? "offline" : "closed");
}

function wake() {
  if (!isOpen) return open();
  catchUp().then(() => handlers.state("open"), failed);
  if (!needsToken() && !events) startEvents();
  handlers.ready();
}
