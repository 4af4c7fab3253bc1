/** The page's texts in every language of the network, and times as people say them. */

import { byId } from "./dom.js";

export const settings = JSON.parse(byId("settings").textContent);
export const embedded = new URLSearchParams(location.search).has("embed");

let language = settings.language;
const listeners = [];

export const current = () => language;
export const own = () => settings.languages[language];
export const directionOf = (code) =>
  (settings.languages[code] || {}).direction || (/^(ar|fa|he|ur)\b/.test(code) ? "rtl" : "ltr");

export function say(key, values = {}) {
  const text = own().texts[key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Do something now and again each time the language changes. */
export function inEveryLanguage(act) {
  listeners.push(act);
  act();
}

/** Change the language of everything around the conversation. */
export function use(code) {
  if (!(code in settings.languages)) return;
  language = code;
  document.documentElement.lang = code;
  document.documentElement.dir = own().direction;
  document.title = say("title");
  byId("network").textContent = own().network;
  for (const [data, attribute] of [["text", null], ["label", "aria-label"], ["hint", "placeholder"]]) {
    for (const element of document.querySelectorAll(`[data-${data}]`)) {
      const text = say(element.dataset[data]);
      if (attribute) element.setAttribute(attribute, text);
      else element.textContent = text;
    }
  }
  listeners.forEach((act) => act());
}

const formatted = (moment, options) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    timeZone: settings.zone,
    ...options,
  }).format(new Date(moment));

export const clock = (moment) => formatted(moment, { hour: "2-digit", minute: "2-digit" });
export const day = (moment) => formatted(moment, { weekday: "long", day: "numeric", month: "long" });

/** The end of a hold: a moment becomes words, words stay as they are. */
export function untilWords(until) {
  return /^\d{4}-\d\d-\d\dT/.test(until) ? say("until", { time: clock(until) }) : until;
}
