import { formatCountOf } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { notice } from "../notice.ts";
import { isFinished, type RunView } from "../../run/run_view.ts";

/** What applies the decisions, where some are not applied yet; or how that goes. */
export function applyPart(view: RunView): Html {
  const { activity, stages, ending } = view;
  if (activity === "elsewhere") {
    return html`<p>Another program is at work on this run; your decisions count in the next one.</p>`;
  }
  if (activity !== "idle") return applying(view);
  if (ending?.how === "failed") {
    return html`${notice(ending.message)} ${button(stages)}`;
  }
  return isFinished(view) ? nothing : button(stages);
}

function button(stages: RunView["stages"]): Html {
  const due = stages.filter(({ state }) => state !== "up to date");
  const isDecided = due.some(({ reason }) => reason === REVIEW_CHANGED);
  const again = `${formatCountOf(due.length, "stage runs", "stages run")}, from ${due.at(0)?.stage ?? "none"} on`;
  const isQuick = !due.some(({ stage }) => stage === "transform");
  return html`
    <form method="post" action="/review/apply">
      <button class="first">${isDecided ? "Apply your decisions" : "Run what is out of date"}</button>
      <span>${again}${isQuick ? "; no photo goes through the backbones again" : ""}.</span>
    </form>
  `;
}

/** Why a stage has to run whose part of the review is another now. */
const REVIEW_CHANGED = "the review changed";

function applying({ stages, progress }: RunView): Html {
  const done = stages.filter(({ state }) => state === "up to date").length;
  const running = stages.find(({ state }) => state === "running")?.stage ?? "";
  return html`
    <progress max="${stages.length}" value="${done}" aria-label="Applying"></progress>
    <p class="progress-words">Applying: ${running} ${progress
      ? `${progress.done} of ${progress.total} ${progress.unit}`
      : ""}</p>
  `;
}
