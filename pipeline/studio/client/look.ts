/** Links to one photo open it over the page, where one was looking at many. */
import { dialogNamed } from "./looking.ts";
import { loadParts } from "./loading.ts";
import { markupFrom, sayThrown } from "./page.ts";

async function look(address: string): Promise<void> {
  try {
    const markup = await markupFrom(address.replace("/photo?", "/photo/card?"));
    dialogNamed("look")?.remove();
    const dialog = document.createElement("dialog");
    dialog.id = "look";
    dialog.setAttribute("aria-label", "The photo");
    dialog.innerHTML = markup;
    const close = document.createElement("button");
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    loadParts();
    document.dispatchEvent(new CustomEvent("shown"));
  } catch (thrown) {
    sayThrown(thrown);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-look]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  look(link.getAttribute("href") ?? "");
});
