import { formatCount, formatLoss, formatShare, NO_NUMBER } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import type { Estimate } from "../../../predictions/bootstrap.ts";
import { duration } from "../../../terminal/progress.ts";
import { differingSettings, type MeasuredRun } from "../../side_by_side/measured_run.ts";
import { lossIntervals } from "./loss_intervals.ts";

/** Runs and evaluations side by side: in what they differ, how good they are, and how long they took. */
export async function comparePage(runs: readonly MeasuredRun[]): Promise<Html> {
  return html`
    <h1>Compare</h1>
    ${runs.length === 0 ? html`<p class="empty">No run yet. Start one on the page Run.</p>` : await comparison(runs)}
  `;
}

async function comparison(runs: readonly MeasuredRun[]): Promise<Html> {
  const differing = differingSettings(runs);
  return html`
    <p>Where intervals overlap much, the difference may be chance. An evaluation validates every photo once, a run those
    of its validation set alone.</p>
    <figure class="wide">${await lossIntervals(runs)}</figure>
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">Run</th>
          ${differing.map((name) => html`<th scope="col">${name}</th>`)}
          <th scope="col" class="number">Photos</th>
          <th scope="col" class="number">Log loss</th>
          <th scope="col" class="number">Clipped</th>
          <th scope="col" class="number">Accuracy</th>
          <th scope="col" class="number">Time</th>
        </tr>
      </thead>
      <tbody>${runs.map((run) => row(run, differing))}</tbody>
    </table>
    ${differing.length === 0 && runs.length > 1 ? html`<p class="note">They differ in no setting.</p>` : nothing}
    <p class="next"><a class="button" href="/compare.csv" download="runs.csv">Save as CSV</a></p>
  `;
}

function row(run: MeasuredRun, differing: readonly string[]): Html {
  return html`
    <tr>
      <th scope="row">${run.name}</th>
      ${differing.map((name) => html`<td data-column="${name}">${run.settings[name] ?? ""}</td>`)}
      <td class="number" data-column="Photos">${run.photos === undefined ? NO_NUMBER : formatCount(run.photos)}</td>
      ${measure("Log loss", run.logLoss, formatLoss)}
      ${measure("Clipped", run.clippedLogLoss, formatLoss)}
      ${measure("Accuracy", run.accuracy, formatShare)}
      <td class="number" data-column="Time">${run.seconds === undefined ? NO_NUMBER : duration(run.seconds)}</td>
    </tr>
  `;
}

function measure(column: string, estimate: Estimate | undefined, format: (value: number) => string): Html {
  if (!estimate) return html`<td class="number" data-column="${column}">${NO_NUMBER}</td>`;
  return html`
    <td class="number" data-column="${column}"><strong>${format(estimate.value)}</strong>
      <span class="interval">${format(estimate.low)} to ${format(estimate.high)}</span></td>
  `;
}
