import { type Html, html } from "../html.ts";
import type { LabelledThumbnail } from "../report_data.ts";
import { labelChip, photoGrid } from "./photo_grid.ts";

/** The validation photos on which the classifier is wrong and sure of it. */
export function mistakes(photos: readonly LabelledThumbnail[]): Html {
  if (photos.length === 0) return html`<p class="empty">No mistakes on the validation photos.</p>`;
  return html`
    <p>Validation photos on the wrong side of 0.5, the surest first. A label may be wrong here as well.</p>
    ${photoGrid(photos, ({ label }) => html`<p>labelled ${labelChip(label)}</p>`)}
  `;
}
