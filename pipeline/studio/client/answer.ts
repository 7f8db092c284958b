import { replacePart, say } from "./page.ts";

/** What the server answers to something that was done: what to say, and what is to be seen now. */
export interface Answer {
  readonly said?: string;
  /** The address of what is to be seen. */
  readonly here?: string;
  /** By the ids of their elements. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Photos of a grid, by their ids. */
  readonly tiles?: Readonly<Record<string, string>>;
}

/**
 * Asks the server for something to see, or to do something, and shows what it answers.
 * @param body what is to be done; without it nothing changes
 */
export async function ask(address: string, body?: unknown): Promise<void> {
  const init: RequestInit = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  try {
    const response = await fetch(address, init);
    const text = await response.text();
    if (!response.ok) return say(text || `The studio answered ${response.status}.`);
    show(JSON.parse(text));
  } catch {
    say("The studio no longer answers. Start it again with deno task studio: what you decided before is kept.");
  }
}

function show({ said, here, parts = {}, tiles = {} }: Answer): void {
  for (const [id, markup] of Object.entries(parts)) replacePart(id, markup);
  for (const tile of document.querySelectorAll<HTMLElement>("[data-tile]")) {
    const markup = tiles[tile.dataset.tile ?? ""];
    if (markup) replaceTile(tile, markup);
  }
  if (here) history.replaceState(null, "", here);
  say(said ?? "");
  document.dispatchEvent(new CustomEvent("shown"));
}

function replaceTile(tile: HTMLElement, markup: string): void {
  const hadFocus = tile.contains(document.activeElement);
  const place = document.createElement("template");
  place.innerHTML = markup;
  const next = place.content.firstElementChild;
  if (!next) return;
  tile.replaceWith(next);
  if (hadFocus) next.querySelector<HTMLElement>("input")?.focus();
}
