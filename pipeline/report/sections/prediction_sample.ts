import { predictedLabel } from "../../predictions/metrics.ts";
import { type Html, html, nothing } from "../html.ts";
import type { TestSummary } from "../report_data.ts";
import { labelChip, photoGrid } from "./photo_grid.ts";

/** Some of the test photos, to see at a glance whether predictions make sense. */
export function predictionSample({ sample }: TestSummary): Html {
  if (sample.length === 0) return html`<p class="empty">There were no photos to predict.</p>`;
  return photoGrid(
    sample,
    ({ pDog }) => Number.isFinite(pDog) ? html`<p>predicted ${labelChip(predictedLabel(pDog))}</p>` : nothing,
  );
}
