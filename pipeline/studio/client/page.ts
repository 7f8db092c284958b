/** Sets what is inside an element, and keeps the keyboard's place where the element had it. */
export function replacePart(id: string, markup: string): void {
  const part = document.getElementById(id);
  if (!part) return;
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  // The server has escaped every name in it.
  part.innerHTML = markup;
  [...part.querySelectorAll("details")].forEach((details, k) => details.open = open[k] ?? details.open);
  if (!focused) return;
  const name = focused.getAttribute("name");
  const same = name === null ? null : part.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`);
  (same ?? part.querySelector<HTMLElement>("button, a, input"))?.focus();
}

/** Says something to whoever looks or listens. */
export function say(words: string): void {
  const place = document.getElementById("said");
  if (place) place.textContent = words;
}

/** Says what went wrong. */
export function sayThrown(thrown: unknown): void {
  say(thrown instanceof Error ? thrown.message : String(thrown));
}

/**
 * Asks the server for a piece of a page.
 * @throws Error with the server's words where it refuses
 */
export async function markupFrom(address: string, init?: RequestInit): Promise<string> {
  const response = await fetch(address, init);
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(text || `The studio answered ${response.status}.`);
}
