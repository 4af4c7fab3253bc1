/** Build elements without ever parsing text as HTML. */

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** An address that may be opened, or null: nothing but the web and the telephone. */
export function safeAddress(address) {
  return /^(https?:|tel:)/i.test(address || "") ? address : null;
}

export function outwardLink(address, label, hint) {
  const link = make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
  link.append(make("span", { class: "unseen" }, ` ${hint}`));
  return link;
}

/** A random id as the protocol wants it; randomUUID is missing outside of secure pages. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
