import { STAGE_DESCRIPTIONS } from "../../../commands/options/stage_descriptions.ts";
import { formatCount } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { duration } from "../../../terminal/progress.ts";
import type { RunView, StageView } from "../../run/run_view.ts";

const STATES: Readonly<Record<StageView["state"], string>> = {
  "up to date": "done",
  running: "running",
  stopped: "stopped",
  waiting: "waits",
  "out of date": "out of date",
  "not run": "not run yet",
};

/** The ten stages as one line: each with its state, its time and why it has to run. */
export function stageLine({ stages }: Pick<RunView, "stages">): Html {
  return html`<ol class="stage-line">${stages.map(stageStep)}</ol>`;
}

function stageStep({ stage, state, reason, seconds }: StageView): Html {
  return html`
    <li class="${state.replaceAll(" ", "-")}" title="${STAGE_DESCRIPTIONS[stage]}">
      <span class="mark ${state.replaceAll(" ", "-")}" aria-hidden="true"></span>
      <strong>${stage}</strong>
      <span class="state">${STATES[state]}</span>
      <span class="took">${seconds === undefined ? "" : duration(seconds)}</span>
      ${reason && state !== "up to date" && reason !== "has not run yet"
        ? html`<span class="why">${reason}</span>`
        : nothing}
    </li>
  `;
}

/** What each stage does and what it counted when it last ran. */
export function stageCounts({ stages }: Pick<RunView, "stages">): Html {
  return html`
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">What it does</th>
          <th scope="col">Counts</th>
        </tr>
      </thead>
      <tbody>${stages.map(({ stage, counts }) =>
        html`
          <tr>
            <th scope="row">${stage}</th>
            <td data-column="What it does">${STAGE_DESCRIPTIONS[stage]}</td>
            <td data-column="Counts">${countsInWords(counts)}</td>
          </tr>
        `
      )}</tbody>
    </table>
  `;
}

function countsInWords(counts: StageView["counts"]): string {
  return Object.entries(counts)
    .map(([what, count]) => `${Number.isInteger(count) ? formatCount(count) : Number(count.toPrecision(4))} ${what}`)
    .join(", ");
}
