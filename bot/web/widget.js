/**
 * Shows the chat on another site: a button, and the chat in a frame. It remembers nothing and
 * reads nothing of the site; its few styles are set as properties, which every policy allows.
 *
 *   <script src="https://…/chat/widget.js" data-language="de" defer></script>
 */
(function (settings) {
  "use strict";
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const asked = script.dataset.language || document.documentElement.lang.slice(0, 2);
  const language = asked in settings.words ? asked : settings.first;
  const words = settings.words[language];
  const ABOVE_ALL = "2147483000";
  let frame = null;
  let box = null;

  const button = make("button", {
    position: "fixed", insetBlockEnd: "16px", insetInlineEnd: "16px", zIndex: ABOVE_ALL,
    minHeight: "48px", padding: "12px 20px", border: "2px solid #ffffff", borderRadius: "24px",
    background: "#0d5a5a", color: "#ffffff", font: "600 17px/1.25 system-ui, sans-serif",
    cursor: "pointer",
  });
  button.type = "button";
  button.lang = language;
  name();
  button.addEventListener("click", () => (frame ? close() : open()));

  addEventListener("keydown", (event) => event.key === "Escape" && frame && close());
  addEventListener("message", (event) => {
    if (!frame || event.origin !== home || event.source !== frame.contentWindow) return;
    if (event.data.passung === "close") close();
    if (event.data.passung === "leave") leave(event.data.to);
  });

  if (document.body) document.body.append(button);
  else addEventListener("DOMContentLoaded", () => document.body.append(button));

  function open() {
    box = make("div", {
      position: "fixed", zIndex: ABOVE_ALL, insetBlockEnd: "80px", insetInlineEnd: "16px",
      width: "min(420px, calc(100vw - 32px))", height: "min(720px, calc(100vh - 96px))",
      borderRadius: "14px", overflow: "hidden", boxShadow: "0 12px 40px rgb(0 0 0 / 28%)",
      background: "#f6f2ea",
    });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", words.title);
    frame = make("iframe", { width: "100%", height: "100%", border: "0", display: "block" });
    frame.title = words.title;
    frame.lang = language;
    frame.src = `${home}${settings.base}/?embed=1&language=${language}`;
    box.append(frame);
    button.before(box);
    name();
    frame.focus();
  }

  function close() {
    box.remove();
    box = frame = null;
    name();
    button.focus();
  }

  function leave(to) {
    close();
    button.remove();
    if (new URL(to).protocol.startsWith("http")) location.replace(to);
  }

  function name() {
    button.textContent = frame ? words.close : words.open;
    button.setAttribute("aria-expanded", String(Boolean(frame)));
  }

  function make(tag, style) {
    const element = document.createElement(tag);
    Object.assign(element.style, style);
    return element;
  }
})(PASSUNG_SETTINGS);
