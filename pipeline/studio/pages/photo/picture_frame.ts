import { type Html, html } from "../../../report/html.ts";
import type { PhotoSet } from "../../../runner/stage.ts";
import { photoAddress } from "./photo_address.ts";

/** A photo, large, and over it where cat and dog are seen in it: blue for cat, orange for dog. */
export function pictureFrame(set: PhotoSet, id: string, alt = id): Html {
  return frameOf(photoAddress("picture", set, id), photoAddress("evidence", set, id), alt);
}

/** The same of two pictures at given addresses, which have the same shape. */
export function frameOf(picture: string, evidence: string, alt: string): Html {
  return html`
    <div class="frame">
      <img class="picture" src="${picture}" alt="${alt}">
      <img class="evidence" src="${evidence}" alt="" data-optional>
    </div>
  `;
}

/** What the colours mean, and the switch that takes them away. */
export function evidenceSwitch(): Html {
  return html`
    <p class="evidence-switch">
      <button type="button" data-do="evidence" aria-pressed="true" aria-keyshortcuts="E">Show what is seen as
        <span class="chip cat">cat</span> and <span class="chip dog">dog</span> <kbd>E</kbd></button>
    </p>
  `;
}
