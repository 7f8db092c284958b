import { lossChart } from "../../../report/charts/learning_charts.ts";
import { formatCountOf } from "../../../report/format.ts";
import { Html, html, nothing } from "../../../report/html.ts";
import { duration } from "../../../terminal/progress.ts";
import { isFinished, type RunView } from "../../run/run_view.ts";
import { notice } from "../notice.ts";
import type { Parts } from "../parts.ts";
import { stageCounts, stageLine } from "./stage_line.ts";

/** The run: how its stages stand, what starts and stops it, and how it goes. */
export async function runPage(view: RunView, problem: string, photos: string): Promise<Html> {
  const parts = await runParts(view, problem);
  const part = (id: string) => html`<div id="${id}">${parts.get(id) ?? nothing}</div>`;
  return html`
    <h1>Run</h1>
    <p class="from">${photos}</p>
    ${part("run-action")} ${part("run-progress")} ${part("run-stages")} ${part("run-warnings")} ${part("run-curves")}
    <details><summary>What each stage does and counted</summary>${part("run-counts")}</details>
    <details><summary>What the run said</summary>${part("run-lines")}</details>
  `;
}

/** The parts of the page that change as the run goes on. */
export async function runParts(view: RunView, problem: string): Promise<Parts> {
  return new Map([
    ["run-action", html`${action(view)} ${problem ? notice(problem) : nothing}`],
    ["run-progress", progress(view)],
    ["run-stages", stageLine(view)],
    ["run-warnings", warnings(view)],
    ["run-curves", await curves(view)],
    ["run-counts", stageCounts(view)],
    ["run-lines", html`<pre class="lines" tabindex="0">${lines(view)}</pre>`],
  ]);
}

function action(view: RunView): Html {
  const { activity, ending, exists } = view;
  if (activity === "elsewhere") {
    return html`<p class="lead">Another program is at work on this run. You can watch it here.</p>`;
  }
  if (activity !== "idle") {
    const stopping = activity === "stopping"
      ? html`
        disabled
      `
      : nothing;
    return html`
      <form method="post" action="/run/stop">
        <p class="lead">Under way. You may close this page: the run goes on.</p>
        <button${stopping}>${activity === "stopping" ? "Stopping ..." : "Stop"}</button>
      </form>
    `;
  }
  const failed = ending?.how === "failed" ? notice(ending.message) : nothing;
  const stopped = ending?.how === "stopped" ? html`<p>${ending.message}</p>` : nothing;
  if (isFinished(view)) {
    return html`
      <p class="lead">All stages are up to date.</p>
      <p class="next"><a class="button" href="/review">Review the photos in doubt</a>
      <a href="/predictions">See the predictions</a></p>
    `;
  }
  return html`
    ${failed} ${stopped}
    <form method="post" action="/run/start">
      <p class="lead">${exists ? due(view) : BEGIN}</p>
      <button class="first">${exists ? "Go on" : "Start"}</button>
    </form>
  `;
}

const BEGIN = "Find the photos, learn from them, and predict the new ones: ten stages, one button.";

/** What is left to do, in words. */
function due({ stages }: RunView): string {
  const left = stages.filter(({ state }) => state !== "up to date").length;
  return `${formatCountOf(left, "stage is", "stages are")} to run; what is done stays.`;
}

function progress({ activity, progress, stages }: RunView): Html {
  if (activity === "idle") return nothing;
  const stage = stages.find(({ state }) => state === "running")?.stage;
  if (!progress) return stage ? html`<p class="progress-words">${stage} ...</p>` : nothing;
  const { label, done, total, unit, perSecond, secondsLeft } = progress;
  const left = secondsLeft === undefined ? "" : `, ${duration(secondsLeft)} left`;
  const words = `${label}: ${done} of ${total} ${unit}, ${perSecond.toPrecision(3)}/s${left}`;
  return html`
    <progress max="${total}" value="${done}" aria-label="${label}"></progress>
    <p class="progress-words">${words}</p>
  `;
}

function warnings({ stages }: RunView): Html {
  const all = stages.flatMap(({ warnings }) => warnings);
  if (all.length === 0) return nothing;
  return html`
    <div class="warnings" role="note" aria-label="Warnings">
      <h2>${formatCountOf(all.length, "warning")}</h2>
      <ul>${all.slice(0, SHOWN_WARNINGS).map((warning) => html`<li>${warning}</li>`)}</ul>
      ${all.length > SHOWN_WARNINGS ? html`<p>The report lists all.</p>` : nothing}
    </div>
  `;
}

const SHOWN_WARNINGS = 12;

async function curves({ epochs }: RunView): Promise<Html> {
  if (epochs.length === 0) return nothing;
  return html`
    <h2>Learning</h2>
    <figure>${await lossChart(epochs)}<figcaption>Log loss, and the learning rates</figcaption></figure>
  `;
}

const LINE_END = new Html("\n");

function lines({ lines }: RunView): Html[] {
  return (lines.length > 0 ? lines : ["Nothing yet."]).map((line) => html`${line}${LINE_END}`);
}
