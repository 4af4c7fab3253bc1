/** The patient's page: ties the conversation, the line to the server and the controls together. */

import * as composer from "./composer.js";
import { byId, make } from "./dom.js";
import * as leave from "./leave.js";
import * as link from "./link.js";
import * as log from "./log.js";
import * as menu from "./menu.js";
import * as now from "./now.js";
import * as outbox from "./outbox.js";
import { linked } from "./parts.js";
import { follow, isFollowing, rest, watch } from "./scroll.js";
import { embedded, say } from "./words.js";

const TYPING_LASTS = 6000;
let typing = null;
let opened = false;
let condition = "opening";
let askedForHelp = false;

document.documentElement.classList.toggle("embedded", embedded);

log.start((seq, value, label) => {
  log.use(seq);
  tellServer({ choice: value }, label, { onFailed: () => log.release(seq) }).focus({ preventScroll: true });
});
composer.start({
  onText: (text) => tellServer({ text }, text),
  onFiles: () => follow(log.note(say("files"))),
});
menu.start((text, { focus = true } = {}) => {
  const bubble = tellServer({ text }, text);
  if (focus) bubble.focus({ preventScroll: true });
});
now.start(() => {
  askedForHelp = true;
  tellServer({ text: "/now" }, "/now", { first: true });
});
leave.start(() => {
  if (menu.escape()) return true;
  if (!now.isOpen()) return false;
  now.close();
  return true;
});
byId("early").addEventListener("click", menu.openCode);
watch();

link.listen({
  message: arrived,
  typing: () => showTyping(true),
  state: tell,
  fresh: (wasOpen) => {
    log.clear();
    byId("log").setAttribute("aria-busy", "true");
    opened = false;
    if (wasOpen) log.note(say("ended"), { atTop: true });
  },
  ready: () => {
    if (!opened) {
      opened = true;
      byId("log").setAttribute("aria-busy", "false");
      if (log.patientWrote()) follow(null);
      else rest();
    }
    showEarly();
    outbox.deliver();
  },
});
addEventListener("offline", () => tell("offline"));
tell("opening");
link.open();

/** Show what the patient says at once, and send it; returns its bubble. */
function tellServer(body, words, { first = false, onFailed = null } = {}) {
  const bubble = log.showUnsent(words);
  const state = bubble.querySelector(".state");
  const item = {
    sending: () => state.replaceChildren(say("sending")),
    queued: () => {
      state.replaceChildren(say("queued"));
      if (body.text === "/now") now.tell("offline");
    },
    stored: (seq) => log.confirmed(bubble, seq),
    failed: (status) => {
      const retry = make("button", { type: "button", class: "retry" }, say("retry"));
      retry.addEventListener("click", () => {
        retry.disabled = true;
        outbox.again(entry);
      });
      state.replaceChildren(say("failed"), " ", retry);
      if (onFailed && status !== 409) onFailed();
      if (body.text === "/now") now.tell("unknown");
    },
  };
  item.sending();
  if (condition === "offline") item.queued();
  const entry = outbox.send(body, item, { first });
  showEarly();
  if (!now.isOpen()) follow(bubble);
  return bubble;
}

function arrived(row) {
  const follows = isFollowing();
  let sent = log.awaiting(row.seq);
  if (!sent && row.from === "patient" && outbox.inFlight()) sent = log.unsentSaying(row.text);
  const element = log.show(row, sent);
  if (row.from !== "patient") showTyping(false);
  if (row.kind === "crisis" && askedForHelp) {
    askedForHelp = false;
    now.answer(row.text);
  }
  if (opened && element && !now.isOpen()) follow(element, { only: follows });
}

/** The way back to an earlier conversation stands open until this one has begun. */
function showEarly() {
  byId("early").hidden = log.patientWrote();
}

function showTyping(isOn) {
  clearTimeout(typing);
  byId("typing").hidden = !isOn;
  if (isOn) typing = setTimeout(showTyping, TYPING_LASTS, false);
}

/**
 * Say how the connection is: `opening`, `open`, `offline` or `closed` (the server is away). What
 * waits to be sent goes out as soon as it is open again.
 */
function tell(next) {
  const before = condition;
  if (next === before && next !== "opening") return;
  condition = next;
  const place = byId("connection");
  if (next === "open") {
    place.replaceChildren(before === "offline" || before === "closed" ? say("online") : "");
    setTimeout(() => condition === "open" && place.replaceChildren(), 3000);
    outbox.deliver();
    return;
  }
  const words = { opening: "opening", offline: "offline", closed: opened ? "offline" : "unavailable" };
  place.replaceChildren(make("p", {}, ...linked(say(words[next]))));
  if (next === "closed" && !opened) {
    const retry = make("button", { type: "button", class: "quiet" }, say("try_now"));
    retry.addEventListener("click", () => link.open());
    place.append(retry);
  }
}
