import { formatLoss, formatProbability } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import type { NearestPhotos } from "../../../neighbours/photo_neighbours.ts";
import type { PhotoFacts } from "../../../knowledge/photo_facts.ts";
import { nearestPhotos } from "../review/nearest_photos.ts";
import { evidenceSwitch, pictureFrame } from "./picture_frame.ts";

/** One photo of the run, closely: the picture, what is known of it, and what it resembles. */
export function photoPage(photo: PhotoFacts, nearest: NearestPhotos | undefined): Html {
  const { set, id, label, pDog, loss, reasons, side } = photo;
  return html`
    <article class="card" aria-label="${id}">
      <div class="card-picture">${pictureFrame(set, id)} ${evidenceSwitch()}</div>
      <div class="card-facts">
        <h2 class="id">${id}</h2>
        <dl class="card-numbers">
          ${label
            ? html`
              <div>
                <dt>labelled</dt>
                <dd>${labelChip(label)}</dd>
              </div>
            `
            : nothing}
          <div><dt>P(dog)</dt><dd>${pDog === undefined ? "–" : formatProbability(pDog)}</dd></div>
          ${loss === undefined ? nothing : html`
            <div>
              <dt>loss</dt>
              <dd>${formatLoss(loss)}</dd>
            </div>
          `}
          <div><dt>set</dt><dd>${side}</dd></div>
        </dl>
        <ul class="reasons">${reasons.map(({ words }) => html`<li>${words}</li>`)}</ul>
        ${nearestPhotos(nearest)}
      </div>
    </article>
  `;
}
