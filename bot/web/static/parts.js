/** What hangs on a message: its words, chips, cards, lines to call, a file, and its buttons. */

import { address, download, needsToken } from "./api.js";
import { make, outwardLink, safeAddress } from "./dom.js";
import { directionOf, say, settings, untilWords } from "./words.js";

/** Draw a message into its element. `live` buttons can be pressed: `press(value, label)`. */
export function fill(element, message, { live = false, press = null, time = null }) {
  const button = (value, label, look, shown = label) => {
    const pressed = make("button", { type: "button", class: look }, shown);
    pressed.addEventListener("click", () => press(value, label));
    return pressed;
  };
  const onCards = new Set((message.cards || []).map((card) => card.value));
  const choices = (message.choices || []).filter(({ value }) => !onCards.has(value));
  element.replaceChildren(
    ...[
      who(message),
      message.text ? said(message) : null,
      cards(message, live, button),
      chips(message, live, button),
      lines(message),
      message.file ? file(message.file) : null,
      live && choices.length
        ? make("div", { class: "choices" },
            ...choices.map(({ value, label }) => button(value, label, "choice")))
        : null,
      time && message.from !== "system" ? make("time", { datetime: message.at }, time) : null,
    ].filter(Boolean),
  );
}

function who({ from, kind }) {
  const name = { patient: "from_you", staff: "from_staff", system: "from_system" }[from];
  const seen = from === "staff" && kind !== "event";
  return make("p", { class: seen ? "who" : "unseen" }, say(name || "from_bot"));
}

function said({ from, text, lang }) {
  if (from === "patient") return make("p", { class: "said", dir: "auto" }, text);
  return make("p", { class: "said", lang, dir: lang && directionOf(lang) }, ...linked(text));
}

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const SPECIAL = new RegExp(
  `(https?://[^\\s<>"]+[^\\s<>".,;:)]|\\d?\\d:\\d\\d(?:–\\d?\\d:\\d\\d)?(?: Uhr)?|${literally(settings.phone)})`,
);

/** Addresses and our number become links; a time of day is not torn apart at a line's end. */
export function linked(text) {
  return text.split(SPECIAL).map((part, place) => {
    if (place % 2 === 0) return part;
    if (/^https?:/.test(part)) return outwardLink(part, part, say("new_tab"));
    if (part !== settings.phone) return make("span", { class: "nowrap" }, part);
    return make("a", { class: "nowrap", href: `tel:${part.replace(/[^0-9+]/g, "")}` }, part);
  });
}

function chips({ chips: known = [] }, live, button) {
  if (!known.length) return null;
  const row = known.map(({ value, label }) =>
    make("li", {}, live && value ? button(value, label, "chip") : make("span", { class: "chip" }, label)));
  const list = make("ul", {}, ...row);
  return make("div", { class: "chips" }, live ? make("p", { class: "small" }, say("chips")) : null, list);
}

function cards({ cards: all = [], kind, choices = [] }, live, button) {
  if (!all.length) return null;
  const labels = new Map(choices.map(({ value, label }) => [value, label]));
  const looks = kind === "card" ? "card booked" : "card";
  return make("ul", { class: "cards" }, ...all.map((card) => {
    const words = card.button || labels.get(card.value) || say("take");
    const pressed = live && card.value ? button(card.value, labels.get(card.value) || words, "strong", words) : null;
    const article = make("li", { class: looks },
      make("h2", {}, card.title),
      ...(card.lines || []).map((line) => make("p", {}, ...linked(line))),
      map(card),
      reasons(card),
      card.until ? make("p", { class: "until" }, untilWords(card.until)) : null,
      pressed);
    // Three buttons that say the same need what tells them apart.
    if (pressed) pressed.setAttribute("aria-label", [words, card.title, ...(card.lines || []).slice(0, 1)].join(", "));
    return article;
  }));
}

function map(card) {
  const target = safeAddress(card.map);
  return target ? make("p", {}, outwardLink(target, say("map"), say("new_tab"))) : null;
}

function reasons({ reasons: why = [] }) {
  if (!why.length) return null;
  return make("div", { class: "reasons" },
    make("p", { class: "small" }, say("why")),
    make("ul", {}, ...why.map((reason) => make("li", {}, reason))));
}

function lines({ lines: numbers = [] }) {
  if (!numbers.length) return null;
  return make("ul", { class: "lines" }, ...numbers.map((line) => make("li", {}, callLine(line))));
}

/** One line to call or to write to, whole-width and with the number large. */
export function callLine({ label, tel, number, url, hours, state }) {
  const dialled = tel && tel.replace(/^tel:/, "").replace(/[^0-9+]/g, "");
  const target = dialled ? `tel:${dialled}` : safeAddress(url);
  const shown = number || (tel && tel.replace(/^tel:/, ""));
  return make(target ? "a" : "div", { class: "line", href: target },
    make("span", { class: "who" },
      make("strong", {}, label),
      state ? make("span", { class: `state-${state}` }, say(`now_${state}`)) : null,
      hours ? make("span", {}, hours) : null),
    shown && shown !== label ? make("bdi", { class: "number", dir: "ltr" }, shown) : null);
}

function file({ id, name, label }) {
  const path = `/chat/files/${encodeURIComponent(id)}`;
  const link = make("a", { class: "file", href: address(path), download: name }, label || say("save_file"));
  if (needsToken()) link.addEventListener("click", (event) => save(event, path, name));
  return link;
}

/** In a frame the cookie does not travel, so the file is fetched with the token. */
async function save(event, path, name) {
  event.preventDefault();
  const target = URL.createObjectURL(await download(path));
  make("a", { href: target, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(target), 10000);
}
