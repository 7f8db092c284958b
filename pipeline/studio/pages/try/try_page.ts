import { predictedLabel } from "../../../predictions/metrics.ts";
import { formatProbability } from "../../../report/format.ts";
import { type Html, html } from "../../../report/html.ts";
import type { TriedPicture } from "../../../knowledge/tried_picture.ts";
import { evidenceSwitch, frameOf } from "../photo/picture_frame.ts";
import { nearestPhotos } from "../review/nearest_photos.ts";

/** Where any picture is tried: dropped, pasted or chosen. */
export function tryPage(): Html {
  return html`
    <h1>Try</h1>
    <label class="drop-zone" id="drop">
      <strong>Drop pictures here, paste one, or choose</strong>
      <span>They stay on this machine and are not kept.</span>
      <input type="file" id="pictures" multiple accept="image/*,.heic,.heif,.avif">
    </label>
    ${evidenceSwitch()}
    <div id="tried" aria-live="polite"></div>
  `;
}

/**
 * What the classifier says of a picture.
 * @param picture and evidence as data URIs: nothing of it is on a disk
 */
export function triedPicture(tried: TriedPicture, picture: string, evidence: string): Html {
  const { name, pDog, nearest } = tried;
  const label = predictedLabel(pDog);
  return html`
    <article class="card tried" aria-label="${name}">
      <div class="card-picture">${frameOf(picture, evidence, name)}</div>
      <div class="card-facts">
        <h2 class="id">${name}</h2>
        <p class="lead"><span class="chip ${label}">${label}</span> P(dog) <strong>${formatProbability(
          pDog,
        )}</strong></p>
        ${nearestPhotos(nearest)}
      </div>
    </article>
  `;
}

/** What is said of something that is no picture. */
export function notTried(name: string, reason: string): Html {
  return html`
    <article class="card tried">
      <p class="warnings" role="alert"><strong>${name}</strong>: ${reason}</p>
    </article>
  `;
}
