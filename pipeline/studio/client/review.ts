/** The review by keys: one photo after another, or many that are chosen at once. */
import { ask } from "./answer.ts";
import { dialogNamed, enlarge, isTyping } from "./looking.ts";
import { loadAhead, loadMore, loadParts } from "./loading.ts";
import { say } from "./page.ts";

const WORDS: Readonly<Record<string, string>> = { k: "keep", d: "drop", c: "cat", g: "dog" };

/** What was asked for waits for what was asked before it: keys come quicker than answers. */
let turn = Promise.resolve();
const inTurn = (work: () => Promise<void>) => turn = turn.then(work);

const body = () => document.getElementById("review-body");
const card = () => body()?.querySelector<HTMLElement>(".card");
const here = () => body()?.querySelector<HTMLElement>("[data-here]")?.dataset.here ?? location.href;
const boxes = () => [...document.querySelectorAll<HTMLInputElement>(".choosable input")];
const chosen = () => boxes().filter(({ checked }) => checked).map(({ value }) => value);

async function decide(word: string): Promise<void> {
  const one = card();
  const ids = one ? [one.dataset.id].filter((id) => id !== undefined) : chosen();
  if (ids.length === 0) return say(one ? "There is no photo here." : "Choose photos first.");
  await ask("/review/decide", { ids, word, here: here() });
}

async function go(to: number): Promise<void> {
  const address = new URL(here(), location.href);
  address.searchParams.set("at", String(to));
  await ask(`/review/body${address.search}`);
}

/** The photo before or after, where there is one. */
function step(by: number): Promise<void> {
  return inTurn(async () => {
    const link = [...document.querySelectorAll<HTMLElement>("[data-go]")]
      .find(({ dataset }) => Math.sign(Number(dataset.go) - Number(card()?.dataset.at)) === by);
    if (link) await go(Number(link.dataset.go));
  });
}

function choose(isChosen: boolean): void {
  for (const box of boxes()) box.checked = isChosen;
  countChosen();
}

function countChosen(): void {
  const place = document.querySelector("[data-chosen]");
  if (place) place.textContent = String(chosen().length);
}

const ACTIONS: Readonly<Record<string, () => unknown>> = {
  undo: () => inTurn(() => ask("/review/undo", { here: here() })),
  enlarge,
  help: () => dialogNamed("help")?.showModal(),
  "choose-all": () => choose(true),
  "choose-none": () => choose(false),
};

const KEYS: Readonly<Record<string, () => unknown>> = {
  u: ACTIONS.undo,
  "?": ACTIONS.help,
  arrowleft: () => card() && step(-1),
  arrowright: () => card() && step(1),
  " ": () => card() && enlarge(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target, event.key)) return;
  const key = event.key.toLowerCase();
  const open = document.querySelector("dialog[open]");
  if (open) {
    if (key === " " && open.id === "large") enlarge();
    else return;
  } else if (Object.hasOwn(WORDS, key)) inTurn(() => decide(WORDS[key]));
  else if (Object.hasOwn(KEYS, key)) KEYS[key]();
  else return;
  if (key !== " " || card()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element
    ? event.target.closest<HTMLElement>("[data-word], [data-do], [data-go]")
    : null;
  if (!button) return;
  const { word, do: action, go: to } = button.dataset;
  if (word) inTurn(() => decide(word));
  if (action && Object.hasOwn(ACTIONS, action)) ACTIONS[action]();
  if (to !== undefined && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    inTurn(() => go(Number(to)));
  }
});

/** What the filters leave, from its first photo that nothing is said of. */
async function applyFilters(form: HTMLFormElement): Promise<void> {
  const chosen = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
  await ask(`/review/body?${new URLSearchParams(chosen)}`);
}

document.addEventListener("change", ({ target }) => {
  countChosen();
  const form = target instanceof Element ? target.closest<HTMLFormElement>("[data-filters]") : null;
  if (form) inTurn(() => applyFilters(form));
});

/** What is to be done with what has come newly onto the page. */
function settle(): void {
  loadParts();
  loadMore();
  countChosen();
  const { ahead, aheadEvidence } = card()?.dataset ?? {};
  loadAhead([ahead, aheadEvidence]);
}

document.addEventListener("shown", settle);
document.addEventListener("applied", () => inTurn(() => ask(`/review/body${new URL(here(), location.href).search}`)));
settle();
