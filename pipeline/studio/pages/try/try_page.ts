import { type Html, html } from "../../../report/html.ts";
import type { TriedPicture } from "../../../knowledge/tried_picture.ts";
import { evidenceSwitch } from "../photo/picture_frame.ts";
import { nearestPhotos } from "../review/nearest_photos.ts";
import { dropZone, triedCard } from "./tried_card.ts";

/** Where any picture is tried: dropped, pasted or chosen. */
export function tryPage(): Html {
  return html`
    <h1>Try</h1>
    ${dropZone("They stay on this machine and are not kept.", "image/*,.heic,.heif,.avif")}
    ${evidenceSwitch()}
    <div id="tried" aria-live="polite"></div>
  `;
}

/**
 * What the classifier says of a picture, and what it resembles.
 * @param picture and evidence as data URIs: nothing of it is on a disk
 */
export function triedPicture(tried: TriedPicture, picture: string, evidence: string): Html {
  return triedCard(tried, picture, evidence, nearestPhotos(tried.nearest));
}
