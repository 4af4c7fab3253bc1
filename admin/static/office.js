// The office's page: what is new arrives by itself, and the keyboard sends. All else is htmx.

const body = document.body;
const lines = () => document.getElementById("lines");
const NEAR = 160;
const RETRY = 5000;

function atEnd() {
  const log = lines();
  return log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}

function toEnd() {
  const log = lines();
  if (log) log.scrollTop = log.scrollHeight;
}

// The stream only says that rows have changed; each part of the page then reads them again.
function listen() {
  const stream = new EventSource(body.dataset.events);
  for (const part of ["queues", "thread"]) {
    stream.addEventListener(part, () => htmx.trigger(body, `${part}-changed`));
  }
  stream.addEventListener("ended", () => location.assign(body.dataset.gone));
  stream.onopen = () => reachable(true);
  stream.onerror = () => {
    reachable(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    // A refused stream is not tried again by itself; if the session ended, this leads to the door.
    htmx.trigger(body, "queues-changed");
    setTimeout(listen, RETRY);
  };
}

function reachable(yes) {
  const note = document.getElementById("unreachable");
  if (note) note.hidden = yes;
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-elapsed]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dateTime)) / 1000));
    if (seconds < 3600) {
      clock.textContent = `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
    }
  }
}

body.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "more") return;
  const shown = document.querySelectorAll("#lines [data-seq]");
  event.detail.parameters.after = shown.length ? shown[shown.length - 1].dataset.seq : 0;
  const { gen, alarm } = document.getElementById("head").dataset;
  Object.assign(event.detail.parameters, { gen, alarm });
});

let follow = true;
body.addEventListener("htmx:beforeSwap", () => { follow = atEnd(); });
body.addEventListener("htmx:afterSettle", () => { if (follow) toEnd(); });
body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.elt.id === "composer") document.getElementById("reply")?.focus();
});
body.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("notice")?.replaceChildren();
});
body.addEventListener("htmx:sendError", () => reachable(false));
body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status) reachable(true);
});

body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "reply") {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (event.key === "Escape") body.querySelector("details[open]")?.removeAttribute("open");
});

// The list keeps its place from one conversation to the next.
const queues = document.querySelector(".queues");
if (queues) {
  queues.scrollTop = Number(sessionStorage.getItem("queues")) || 0;
  addEventListener("pagehide", () => sessionStorage.setItem("queues", queues.scrollTop));
}

toEnd();
if (body.dataset.events) listen();
setInterval(tick, 1000);
