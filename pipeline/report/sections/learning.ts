import { accuracyChart, lossChart } from "../charts/learning_charts.ts";
import { type Html, html } from "../html.ts";
import type { EpochSummary, FitSummary, Learning } from "../report_data.ts";
import { epochTable, fitTable } from "./learning_tables.ts";

/** How the classifier came by what it knows: curves and a table of epochs, or a table of fits. */
export async function learning(given: Learning): Promise<Html> {
  if (given.by === "epochs" ? given.epochs.length === 0 : given.fits.length === 0) {
    return html`<p class="empty">Nothing was trained.</p>`;
  }
  return given.by === "epochs" ? await epochs(given.epochs) : fits(given.fits);
}

/** Curves of loss, accuracy and learning rate over both trainings, and the same numbers as a table. */
async function epochs(history: readonly EpochSummary[]): Promise<Html> {
  return html`
    <p>The head learns first, on the frozen backbones; fine-tuning then goes on with the last layers of both. A ring
    marks the epoch of each that was kept: the one with the lowest validation loss.</p>
    <div class="charts">
      <figure>${await lossChart(history)}<figcaption>Log loss, and the learning rates</figcaption></figure>
      <figure>${await accuracyChart(history)}<figcaption>Accuracy</figcaption></figure>
    </div>
    <details>
      <summary>Every epoch as a table</summary>
      ${epochTable(history)}
    </details>
  `;
}

function fits(fits: readonly FitSummary[]): Html {
  return html`
    <p>This recipe's classifier is fitted to the frozen backbones' features in one go, so there are no epochs and no
    curves: a first fit to all training photos, then a refit to those that the rescan left. The one with
    the lower validation loss is kept.</p>
    ${fitTable(fits)}
  `;
}
