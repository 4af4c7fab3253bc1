/** The place to write: grows with the text, sends on Enter, and says kindly what does not fit. */

import { byId } from "./dom.js";
import { inEveryLanguage, say, settings } from "./words.js";

const COUNT_FROM = 5000;
let field = null;

export function start({ onText, onFiles }) {
  field = byId("text");
  byId("write").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(onText);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(onText);
  });
  field.addEventListener("input", measure);
  inEveryLanguage(measure);
  watchFiles(onFiles);
}

export const focus = () => field.focus({ preventScroll: true });

function submit(onText) {
  const text = field.value.trim();
  field.focus();
  if (!text || text.length > settings.longest) return measure();
  field.value = "";
  measure();
  onText(text);
}

function measure() {
  const length = field.value.trim().length;
  const over = length - settings.longest;
  let room = "";
  if (over > 0) room = say("too_long", { n: over });
  else if (length >= COUNT_FROM) room = say("left", { n: -over });
  if (byId("room").textContent !== room) byId("room").textContent = room;
  field.setAttribute("aria-invalid", over > 0 ? "true" : "false");
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

function watchFiles(onFiles) {
  const carries = (data) => data && [...data.types].includes("Files");
  addEventListener("dragover", (event) => carries(event.dataTransfer) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event.dataTransfer)) return;
    event.preventDefault();
    onFiles();
  });
  field.addEventListener("paste", (event) => {
    if (!carries(event.clipboardData) || event.clipboardData.getData("text")) return;
    event.preventDefault();
    onFiles();
  });
}
