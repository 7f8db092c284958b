import { LABELS } from "../../../data/labels.ts";
import { formatCount, formatCountOf, formatLoss } from "../format.ts";
import { type Html, html } from "../html.ts";
import { type OutlierSummary, SHOWN_OUTLIERS, type ShownOutlier } from "../report_data.ts";
import { labelChip, photoGrid } from "./photo_grid.ts";

/** The training photos that stand out, and how the user decides on them. */
export function outliers({ photos, order, listFile, reviewFile }: OutlierSummary): Html {
  if (photos.length === 0) {
    return html`<p class="empty">No outliers found: no training photo stands out.</p>`;
  }
  const left = photos.length - SHOWN_OUTLIERS;
  return html`
    <p>${formatCountOf(photos.length, "training photo stands", "training photos stand")} out: a wrong label, no animal,
    or both animals. Those that are set aside leave the training set unless you say otherwise.</p>
    <p>${order}</p>
    ${reviewHelp(photos, reviewFile)}
    ${photoGrid(photos.slice(0, SHOWN_OUTLIERS), outlierNote)}
    ${left > 0
      ? html`<p>And ${formatCountOf(left, "more outlier")}, not shown: <code>${listFile}</code> lists all ${
        formatCount(photos.length)
      }.</p>`
      : html`<p>The whole list is in <code>${listFile}</code>.</p>`}
  `;
}

function outlierNote({ label, loss, verdict, reason }: ShownOutlier): Html {
  return html`
    <p>labelled ${labelChip(label)}</p>
    <p>loss <strong>${formatLoss(loss)}</strong></p>
    <p>${reason}</p>
    <p class="verdict">${verdict}</p>
  `;
}

function reviewHelp([first, second, third]: readonly ShownOutlier[], reviewFile: string): Html {
  const ids = (photo: ShownOutlier | undefined) => photo ? [photo.id] : [];
  const label = LABELS.find((label) => label !== first.label);
  const review = JSON.stringify({ keep: ids(second), drop: ids(third), relabel: { [first.id]: label } });
  return html`
    <p>To keep some of them, to drop photos for good, or to say what a photo shows, name each in one place of
    <code>${reviewFile}</code> and run the pipeline again; your word holds over every later run. For example:</p>
    <pre><code>${review}</code></pre>
  `;
}
