import { duration } from "../../terminal/progress.ts";
import { formatCount } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { StageSummary } from "../report_data.ts";

/** Every stage with its time, what it counted, and why it ran or was kept. */
export function stageTable(stages: readonly StageSummary[]): Html {
  if (stages.length === 0) return html`<p class="empty">No stage has run yet.</p>`;
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Stages">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">State</th>
            <th scope="col" class="number">Time</th>
            <th scope="col">Counts</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>${stages.map((stage) => stageRow(stage))}</tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan="2">Together</th>
            <td class="number">${duration(seconds)}</td>
            <td colspan="2"></td>
          </tr>
        </tfoot>
      </table>
    </div>
  `;
}

function stageRow({ name, state, seconds, counts, reason }: StageSummary): Html {
  const shown = Object.entries(counts).map(([what, count]) =>
    // 0.0302 and the like may stand among the counts.
    `${Number.isInteger(count) ? formatCount(count) : Number(count.toPrecision(4))} ${what}`
  );
  return html`
    <tr>
      <th scope="row">${name}</th>
      <td>${state}</td>
      <td class="number">${duration(seconds)}</td>
      <td>${shown.join(", ")}</td>
      <td>${reason}</td>
    </tr>
  `;
}
