import { markupFrom } from "./page.ts";

/** Fills what comes after the rest of the page, and takes away pictures that there are not. */
export function loadParts(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-load]")) {
    const address = part.dataset.load ?? "";
    delete part.dataset.load;
    markupFrom(address).then((markup) => part.innerHTML = markup, () => part.remove());
  }
  for (const picture of document.querySelectorAll<HTMLImageElement>("img[data-optional]")) {
    delete picture.dataset.optional;
    if (picture.complete && picture.naturalWidth === 0) picture.remove();
    else picture.addEventListener("error", () => picture.remove());
  }
}

/** Appends to lists what comes next as soon as their end is near. */
export function loadMore(): void {
  for (const end of document.querySelectorAll<HTMLElement>("[data-more]")) {
    const address = end.dataset.more ?? "";
    delete end.dataset.more;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      markupFrom(address).then((markup) => {
        end.insertAdjacentHTML("afterend", markup);
        end.remove();
        loadMore();
      });
    }, { rootMargin: "1200px" });
    seen.observe(end);
  }
}

/** Fetches pictures that are looked at next. */
export function loadAhead(addresses: readonly (string | undefined)[]): void {
  for (const address of addresses) if (address) new Image().src = address;
}
