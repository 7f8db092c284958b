import { duration } from "../../terminal/progress.ts";
import { accuracyChart, lossChart } from "../charts/learning_charts.ts";
import { formatLoss, formatRate, formatShare, NO_NUMBER } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { EpochSummary } from "../report_data.ts";

/** Curves of loss, accuracy and learning rate over both trainings, and the same numbers as a table. */
export async function learning(history: readonly EpochSummary[]): Promise<Html> {
  if (history.length === 0) return html`<p class="empty">Nothing was trained.</p>`;
  if (history.every(({ epoch }) => epoch === 1)) {
    return html`
      <p>This recipe's head is fitted in one go, to the optimum, so there are no curves: first to all training photos,
      then to those that the rescan left. The one with the lower validation loss is kept.</p>
      ${epochTable(history)}
    `;
  }
  return html`
    <p>The head learns first, on the frozen backbones; fine-tuning then goes on with the last blocks of both. A ring
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

function epochTable(history: readonly EpochSummary[]): Html {
  const columns = ["Loss", "Validation", "Accuracy", "Validation", "Head rate", "Tuned rate", "Time"];
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Epochs">
      <table>
        <thead>
          <tr><th scope="col">Epoch</th>${columns.map((column) =>
            html`<th scope="col" class="number">${column}</th>`
          )}</tr>
        </thead>
        <tbody>${history.map((epoch) => epochRow(epoch))}</tbody>
      </table>
    </div>
  `;
}

function epochRow(epoch: EpochSummary): Html {
  const cells = [
    formatLoss(epoch.trainLoss),
    formatLoss(epoch.validationLoss),
    epoch.trainAccuracy === undefined ? NO_NUMBER : formatShare(epoch.trainAccuracy),
    formatShare(epoch.validationAccuracy),
    epoch.headRate > 0 ? formatRate(epoch.headRate) : NO_NUMBER,
    epoch.backboneRate === undefined ? NO_NUMBER : formatRate(epoch.backboneRate),
    duration(epoch.seconds),
  ];
  return html`
    <tr>
      <th scope="row">${epoch.stage} ${epoch.epoch}${epoch.best ? " (kept)" : ""}</th>
      ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
    </tr>
  `;
}
