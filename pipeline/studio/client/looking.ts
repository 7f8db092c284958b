/** Looking at one photo closely: enlarged, and with or without where cat and dog are seen in it. */

export function dialogNamed(id: string): HTMLDialogElement | undefined {
  const found = document.getElementById(id);
  return found instanceof HTMLDialogElement ? found : undefined;
}

/** Whether a key is meant for what has the focus, and not for the page. */
export function isTyping(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=checkbox], [type=file]), textarea, select")) return true;
  // Space and arrows do what they always do where something can be pressed or scrolled.
  return key === " " && target.matches("button, a, summary, input");
}

/** Shows the photo as large as the window, or puts it back. */
export function enlarge(): void {
  const open = dialogNamed("large");
  if (open) {
    open.close();
    return;
  }
  const frame = document.querySelector(".frame");
  if (!frame) return;
  const dialog = document.createElement("dialog");
  dialog.id = "large";
  dialog.setAttribute("aria-label", "The photo, enlarged");
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(frame.cloneNode(true), close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const HIDDEN = "no-evidence";

/** Shows or hides where cat and dog are seen, on this page and those after it. */
function showEvidence(): void {
  const isHidden = document.body.classList.toggle(HIDDEN);
  markSwitches();
  remembered((storage) => storage.setItem(HIDDEN, String(isHidden)));
}

/** What is done with the browser's memory of this page; nothing, where it keeps none. */
function remembered<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(globalThis.localStorage);
  } catch {
    return undefined;
  }
}

function markSwitches(): void {
  const isHidden = document.body.classList.contains(HIDDEN);
  for (const button of document.querySelectorAll("[data-do=evidence]")) {
    button.setAttribute("aria-pressed", String(!isHidden));
  }
}

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-do=evidence]")) showEvidence();
});
document.addEventListener("keydown", (event) => {
  const { ctrlKey, metaKey, altKey, repeat, key, target } = event;
  if (key.toLowerCase() !== "e" || ctrlKey || metaKey || altKey || repeat || isTyping(target, key)) return;
  showEvidence();
});

document.body.classList.toggle(HIDDEN, remembered((storage) => storage.getItem(HIDDEN)) === "true");
document.addEventListener("shown", markSwitches);
markSwitches();
