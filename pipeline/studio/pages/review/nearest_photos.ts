import type { Label } from "../../../../data/labels.ts";
import type { NearestPhotos, NearPhoto } from "../../../neighbours/photo_neighbours.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import { photoAddress } from "../photo/photo_address.ts";

/** The photos of either class that are most like one. */
export function nearestPhotos(nearest: NearestPhotos | undefined): Html {
  if (!nearest) return nothing;
  return html`<div class="nearest">${row("cat", nearest.cat)} ${row("dog", nearest.dog)}</div>`;
}

function row(label: Label, photos: readonly NearPhoto[]): Html {
  if (photos.length === 0) return nothing;
  return html`
    <h3>Most like it: ${labelChip(label)}</h3>
    <ul class="thumbs">${photos.map(({ id, distance }) => {
      const words = `${id}, likeness ${(1 - distance).toFixed(2)}`;
      return html`
        <li><a href="/photo?${String(new URLSearchParams({ set: "train", id }))}" data-look title="${words}">
          <img src="${photoAddress("thumbnail", "train", id)}" alt="${words}" loading="lazy"></a>
          <span>${(1 - distance).toFixed(2)}</span></li>
      `;
    })}</ul>
  `;
}
