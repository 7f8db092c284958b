import type { Label } from "../../../data/labels.ts";
import { formatProbability } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { Thumbnail } from "../report_data.ts";

/** Pictures that stand in the page itself; anything else would be fetched, or run. */
const PICTURE = /^data:image\/(jpeg|png|webp);base64,[A-Za-z0-9+/]+=*$/;

/**
 * Photos beside each other, each with its P(dog) and what else `note` has to say of it.
 * @throws Error when a thumbnail is not a picture as a data URI.
 */
export function photoGrid<Photo extends Thumbnail>(photos: readonly Photo[], note: (photo: Photo) => Html): Html {
  return html`
    <ul class="photos">${photos.map((photo) =>
      html`
        <li>
          ${picture(photo)}
          <p class="id">${photo.id}</p>
          <p>P(dog) <strong>${formatProbability(photo.pDog)}</strong></p>
          ${note(photo)}
        </li>
      `
    )}
    </ul>
  `;
}

/** `cat` or `dog` with its colour. */
export function labelChip(label: Label): Html {
  return html`<span class="chip ${label}">${label}</span>`;
}

function picture({ id, thumbnail }: Thumbnail): Html {
  if (thumbnail === undefined) return html`<div class="missing">no picture</div>`;
  if (!PICTURE.test(thumbnail)) {
    throw new Error(
      `Cannot show ${id}: expected a thumbnail as a data URI of a JPEG, PNG or WebP, got ${thumbnail.slice(0, 40)}`,
    );
  }
  return html`<img src="${thumbnail}" alt="${id}">`;
}
