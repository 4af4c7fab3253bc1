/** Keep what was just said in sight, without tearing away who reads further up. */

import { byId } from "./dom.js";

const NEAR = 80;
const page = document.scrollingElement;
const bar = document.querySelector(".top");
const composer = document.querySelector(".composer");
const down = byId("newest");
let restingAt = 0;
let wasAtEnd = true;

const atEnd = () => page.scrollHeight - innerHeight - page.scrollTop < NEAR;

/** Tell whether the reader is where the page put him, or at the end of the conversation. */
export const isFollowing = () => atEnd() || Math.abs(page.scrollTop - restingAt) < 4;

export function watch() {
  down.addEventListener("click", () => {
    page.scrollTo({ top: page.scrollHeight, behavior: pace() });
  });
  addEventListener("scroll", () => {
    wasAtEnd = atEnd();
    if (wasAtEnd) hint(false);
  }, { passive: true });
  // The keyboard of a phone takes half of the window: the end stays the end.
  addEventListener("resize", () => wasAtEnd && page.scrollTo({ top: page.scrollHeight }));
  const bars = new ResizeObserver(measure);
  bars.observe(composer);
  bars.observe(bar);
}

/**
 * Bring an element in sight. A reply that is longer than the window is shown from the top of
 * what the patient said last, so that it is read from its beginning. With `only` false the
 * reader stays where he is and is offered the way down.
 */
export function follow(element, { only = true } = {}) {
  if (!only) return hint(true);
  requestAnimationFrame(() => {
    const bottom = page.scrollHeight - innerHeight;
    const start = element && turnOf(element);
    const top = start
      ? start.getBoundingClientRect().top + page.scrollTop - barHeight() - 12
      : bottom;
    page.scrollTo({ top: Math.max(0, Math.min(bottom, top)) });
    restingAt = page.scrollTop;
    hint(!atEnd());
  });
}

/** A conversation that begins is read from its top, where the name of the network stands. */
export function rest() {
  requestAnimationFrame(() => {
    restingAt = page.scrollTop;
    hint(!atEnd());
  });
}

function turnOf(element) {
  let first = element;
  while (first.previousElementSibling && !first.classList.contains("patient")) {
    first = first.previousElementSibling;
  }
  return first;
}

function hint(isOn) {
  down.hidden = !isOn;
}

function barHeight() {
  return getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
}

/** Sticky bars must never lie over what has the focus. */
function measure() {
  page.style.scrollPaddingTop = `${barHeight() + 8}px`;
  page.style.scrollPaddingBottom = `${composer.offsetHeight + 8}px`;
}

function pace() {
  return matchMedia("(prefers-reduced-motion: no-preference)").matches ? "smooth" : "auto";
}
