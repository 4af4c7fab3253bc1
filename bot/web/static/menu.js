/** The menu, the language, and the return code. */

import { Refused } from "./api.js";
import { byId } from "./dom.js";
import { openByCode } from "./link.js";
import { linked } from "./parts.js";
import { say, use } from "./words.js";

const SETTLED_AFTER = 500;
let button = null;
let menu = null;

export function start(onAction) {
  button = byId("menu-button");
  menu = byId("menu");
  button.addEventListener("click", () => (menu.hidden ? open() : close()));
  document.addEventListener("click", (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) shut();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget) && relatedTarget !== button) shut();
  });
  for (const entry of menu.querySelectorAll("[data-say]")) {
    entry.addEventListener("click", () => {
      close();
      onAction(entry.dataset.say);
    });
  }
  startLanguage(onAction);
  startCode();
}

/** Close what is open; tells whether anything was. */
export function escape() {
  if (!menu.hidden) return close();
  if (!byId("code").hidden) return closeCode();
  return false;
}

export function openCode() {
  shut();
  byId("code").hidden = false;
  byId("code-state").textContent = "";
  byId("code-text").focus();
}

function open() {
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
}

function shut() {
  menu.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

function close() {
  shut();
  button.focus();
  return true;
}

function startLanguage(onAction) {
  const select = byId("language");
  let timer = null;
  select.addEventListener("change", () => {
    use(select.value);
    // Arrow keys pass through languages: only the one that stays is told to the server.
    clearTimeout(timer);
    timer = setTimeout(() => onAction(`/language ${select.value}`, { focus: false }), SETTLED_AFTER);
  });
}

function startCode() {
  byId("code-open").addEventListener("click", openCode);
  byId("code-close").addEventListener("click", closeCode);
  byId("code").addEventListener("submit", (event) => {
    event.preventDefault();
    tryCode();
  });
}

function closeCode() {
  byId("code").hidden = true;
  byId("code-text").value = "";
  byId("code-state").textContent = "";
  byId("text").focus();
  return true;
}

async function tryCode() {
  const code = byId("code-text").value.trim();
  const tell = (key) => {
    byId("code-state").replaceChildren(...linked(say(key)));
    byId("code-text").focus();
  };
  if (!code) return tell("code_empty");
  const submit = byId("code").querySelector("[type=submit]");
  submit.disabled = true;
  try {
    await openByCode(code);
    closeCode();
  } catch (problem) {
    const status = problem instanceof Refused ? problem.status : 0;
    if (status === 429) tell("code_too_many");
    else if ([400, 401, 403, 404, 409, 422].includes(status)) tell("code_wrong");
    else tell("code_failed");
  } finally {
    submit.disabled = false;
  }
}
