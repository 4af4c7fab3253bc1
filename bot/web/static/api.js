/** Calls to the chat's endpoints. A page of our own has a cookie; a frame has the token. */

import { embedded, settings } from "./words.js";

const PATIENCE = 15000;
let token = null;

/** The server answered, but not as wished; status 0 means that nothing answered at all. */
export class Refused extends Error {
  constructor(status, wait = 0) {
    super(`status ${status}`);
    this.status = status;
    this.wait = wait;
  }
}

export const address = (path) => settings.base + path;
export const needsToken = () => embedded;
export const hasToken = () => token !== null;

export function forget() {
  token = null;
}

export async function call(method, path, body, { keepalive = false } = {}) {
  const response = await reach(method, path, body, keepalive);
  if (!response.ok) {
    throw new Refused(response.status, Number(response.headers.get("Retry-After")) * 1000 || 0);
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Refused(0);
  // Cookies of a framed page are not sent by browsers: the token lives in memory alone.
  if (embedded && answer.token) token = answer.token;
  return answer;
}

export async function download(path) {
  const response = await reach("GET", path);
  if (!response.ok) throw new Refused(response.status);
  return response.blob();
}

async function reach(method, path, body, keepalive = false) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address(path), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: stop.signal,
      keepalive,
      cache: "no-store",
      // A frame must not replace the conversation of a page of ours that is open beside it.
      credentials: embedded ? "omit" : "same-origin",
    });
  } catch {
    throw new Refused(0);
  } finally {
    clearTimeout(timer);
  }
}
