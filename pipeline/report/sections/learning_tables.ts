import { duration } from "../../terminal/progress.ts";
import { formatLoss, formatRate, formatShare, NO_NUMBER } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { EpochSummary, FitSummary } from "../report_data.ts";

const MEASURES = ["Training loss", "Validation loss", "Training accuracy", "Validation accuracy"];

/** Every epoch of both trainings with its measures and learning rates. */
export function epochTable(history: readonly EpochSummary[]): Html {
  const rows = history.map((epoch) => ({
    name: `${epoch.stage} ${epoch.epoch}${epoch.best ? " (kept)" : ""}`,
    cells: [
      ...measures(epoch),
      epoch.headRate > 0 ? formatRate(epoch.headRate) : NO_NUMBER,
      epoch.backboneRate === undefined ? NO_NUMBER : formatRate(epoch.backboneRate),
      duration(epoch.seconds),
    ],
  }));
  return numbersTable("Epoch", [...MEASURES, "Head learning rate", "Backbone learning rate", "Time"], rows);
}

/** Every fit with its measures. */
export function fitTable(fits: readonly FitSummary[]): Html {
  const rows = fits.map((fit) => ({
    name: `${fit.name}${fit.kept ? " (kept)" : ""}`,
    cells: [...measures(fit), duration(fit.seconds)],
  }));
  return numbersTable("Fit", [...MEASURES, "Time"], rows);
}

type Measured = Pick<FitSummary, "trainLoss" | "validationLoss" | "trainAccuracy" | "validationAccuracy">;

function measures({ trainLoss, validationLoss, trainAccuracy, validationAccuracy }: Measured): string[] {
  return [
    trainLoss === undefined ? NO_NUMBER : formatLoss(trainLoss),
    formatLoss(validationLoss),
    trainAccuracy === undefined ? NO_NUMBER : formatShare(trainAccuracy),
    formatShare(validationAccuracy),
  ];
}

/** A table whose cells are all numbers but the first of each row. On a telephone each row is a list of its own. */
function numbersTable(
  what: string,
  columns: readonly string[],
  rows: readonly { readonly name: string; readonly cells: readonly string[] }[],
): Html {
  const heading = (column: string) => html`<th scope="col" class="number">${column}</th>`;
  return html`
    <table class="stacked">
      <thead>
        <tr><th scope="col">${what}</th>${columns.map(heading)}</tr>
      </thead>
      <tbody>${rows.map(({ name, cells }) =>
        html`
          <tr>
            <th scope="row">${name}</th>
            ${cells.map((cell, k) => html`<td class="number" data-column="${columns[k]}">${cell}</td>`)}
          </tr>
        `
      )}</tbody>
    </table>
  `;
}
