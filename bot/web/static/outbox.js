/**
 * What the patient said and the server has not yet confirmed. One at a time and in order; a
 * repeated try carries the same id, so that the server stores it once.
 */

import { call } from "./api.js";
import { newId } from "./dom.js";
import * as link from "./link.js";

const FOR_GOOD = [400, 403, 409, 413, 422];
const waiting = [];
let busy = false;
let timer = null;
let tries = 0;

/**
 * Send `{text}` or `{choice}`. `item` is told by `sending()`, `queued()`, `failed(status)` and
 * `stored(seq)`. `first` overtakes what still waits: a wish for help does not queue.
 */
export function send(body, item, { first = false } = {}) {
  const entry = { body: { id: newId(), ...body }, item };
  if (first) waiting.splice(busy ? 1 : 0, 0, entry);
  else waiting.push(entry);
  deliver();
  return entry;
}

export function again(entry) {
  waiting.push(entry);
  deliver();
}

export const inFlight = () => (busy ? waiting[0] : null);

export function clear() {
  waiting.length = 0;
  clearTimeout(timer);
}

export async function deliver() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  try {
    while (waiting.length && link.ready()) await deliverFirst();
  } catch (wait) {
    waiting.forEach(({ item }) => item.queued());
    timer = setTimeout(deliver, wait.wait || Math.min(1000 * 2 ** tries, 15000));
  } finally {
    busy = false;
  }
}

async function deliverFirst() {
  const entry = waiting[0];
  entry.item.sending();
  try {
    const { seq } = await call("POST", "/chat/messages", entry.body);
    tries = 0;
    remove(entry);
    entry.item.stored(seq);
    link.expect(seq);
  } catch (problem) {
    if (FOR_GOOD.includes(problem.status)) {
      remove(entry);
      entry.item.failed(problem.status);
    } else {
      tries += 1;
      if (problem.status === 401) await link.lost();
      throw problem;
    }
  }
}

function remove(entry) {
  const place = waiting.indexOf(entry);
  if (place >= 0) waiting.splice(place, 1);
}
