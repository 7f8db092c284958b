import { predictedLabel } from "../../../predictions/metrics.ts";
import { formatProbability } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { frameOf } from "../photo/picture_frame.ts";

/** Where pictures are dropped, or chosen. */
export function dropZone(words: string, accept: string): Html {
  return html`
    <label class="drop-zone" id="drop">
      <strong>Drop pictures here, paste one, or choose</strong>
      <span>${words}</span>
      <input type="file" id="pictures" multiple accept="${accept}">
    </label>
  `;
}

/**
 * What the classifier says of a picture.
 * @param picture and evidence as addresses
 */
export function triedCard(
  { name, pDog }: { readonly name: string; readonly pDog: number },
  picture: string,
  evidence: string,
  below = nothing,
): Html {
  const label = predictedLabel(pDog);
  return html`
    <article class="card tried" aria-label="${name}">
      <div class="card-picture">${frameOf(picture, evidence, name)}</div>
      <div class="card-facts">
        <h2 class="id">${name}</h2>
        <p class="lead"><span class="chip ${label}">${label}</span> P(dog) <strong>${formatProbability(
          pDog,
        )}</strong></p>
        ${below}
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
