/** *Leave quickly*: empties the page first, ends the session, and leaves nothing to go back to. */

import { call } from "./api.js";
import { byId } from "./dom.js";
import * as link from "./link.js";
import * as outbox from "./outbox.js";
import { embedded, settings } from "./words.js";

const TWICE_WITHIN = 700;
let pressedAt = -Infinity;

/** `onEscape` closes what is open and tells whether anything was. */
export function start(onEscape) {
  byId("leave").addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - pressedAt < TWICE_WITHIN) return leave();
    pressedAt = event.timeStamp;
    if (!onEscape() && embedded) setTimeout(closeFrame, TWICE_WITHIN, pressedAt);
  });
}

function leave() {
  pressedAt = Infinity;
  link.close();
  outbox.clear();
  const ended = call("DELETE", "/chat/sessions", undefined, { keepalive: true }).catch(() => {});
  document.title = "";
  document.body.replaceChildren();
  if (embedded) return tellSite("leave");
  // The browser keeps the request alive; waiting for it would leave the page standing.
  if (navigator.onLine === false) location.replace("about:blank");
  else location.replace(settings.leave);
  return ended;
}

function closeFrame(escape) {
  if (escape === pressedAt) tellSite("close");
}

/** The site around the frame learns only that the chat closes. */
function tellSite(passung) {
  parent.postMessage({ passung, to: new URL(settings.leave, location.href).href }, "*");
}
