import { chosenFitText } from "../../classifier/chosen_fit.ts";
import { duration } from "../../terminal/progress.ts";
import type { ValidationEstimates } from "../../predictions/validation_estimates.ts";
import { formatCount, formatCountOf, formatInterval, formatLoss, formatShare, NO_NUMBER } from "../format.ts";
import { type Html, html, nothing } from "../html.ts";
import type { ReportData } from "../report_data.ts";

/** Warnings that are seen at once; the rest is unfolded. */
const SHOWN_WARNINGS = 8;

/** The numbers that people ask for first, then what was run and the warnings. */
export function headline(data: ReportData): Html {
  return html`${keyNumbers(data)} ${comparison(data)} ${runFacts(data)} ${warningList(data.warnings)}`;
}

function keyNumbers({ estimates, run, outliers, photos, stages }: ReportData): Html {
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const dropped = photos.dropped.reduce((sum, { ids }) => sum + ids.length, 0);
  return html`
    <dl class="numbers">
      ${validationNumbers(estimates, run.clip)}
      ${number("Outliers", formatCount(outliers.photos.length), "training photos that stand out")}
      ${number(
        "Photos",
        formatCount(photos.train + photos.validation),
        `${formatCount(photos.train)} train, ${formatCount(photos.validation)} validate, ${
          formatCount(dropped)
        } dropped`,
      )}
      ${number("Time", duration(seconds), `in ${formatCountOf(stages.length, "stage")}`)}
    </dl>
  `;
}

function validationNumbers(estimates: ValidationEstimates | undefined, clip: number): Html {
  if (!estimates) {
    const none = "no validation photos";
    return html`${number("Accuracy", NO_NUMBER, none)} ${number("Log loss", NO_NUMBER, none)}`;
  }
  const { photos, accuracy, logLoss, clippedLogLoss } = estimates;
  const right = formatCount(Math.round(accuracy.value * photos));
  const clipped = clip > 0 ? `; ${formatLoss(clippedLogLoss.value)} clipped at ${clip} as submitted` : "";
  return html`
    ${number(
      "Accuracy",
      formatShare(accuracy.value),
      `${right} of ${formatCount(photos)} validation photos; ${formatInterval(accuracy, formatShare)}`,
    )}
    ${number(
      "Log loss",
      formatLoss(logLoss.value),
      `validation; ${formatInterval(logLoss, formatLoss)}${clipped}`,
    )}
  `;
}

function number(name: string, value: string, note: string): Html {
  return html`
    <div>
      <dt>${name}</dt>
      <dd><strong>${value}</strong> <span>${note}</span></dd>
    </div>
  `;
}

function comparison({ run: { reference } }: ReportData): Html {
  if (!reference) return nothing;
  return html`<p>For comparison, ${reference.source}: accuracy ${formatShare(reference.accuracy)}, log loss ${
    formatLoss(reference.logLoss)
  }.</p>`;
}

function runFacts({ run, test, classifier }: ReportData): Html {
  const facts: [string, string][] = [
    ["Engine", `${run.engine} on ${run.device} (${run.engineReason})`],
    ...run.precision === undefined ? [] : [["Features", `computed in ${run.precision}`] satisfies [string, string]],
    ["Weights", run.weights],
    ["Recipe", `${run.recipe}, random seed ${run.seed}`],
    ["Classifier", chosenFitText(classifier)],
    ["Submission", test.submissionFile ?? "none: there were no photos to predict"],
  ];
  return html`
    <dl class="facts">${facts.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )}</dl>
  `;
}

function warningList(warnings: readonly string[]): Html {
  if (warnings.length === 0) return nothing;
  const list = (some: readonly string[]) => html`<ul>${some.map((warning) => html`<li>${warning}</li>`)}</ul>`;
  const more = warnings.slice(SHOWN_WARNINGS);
  return html`
    <div class="warnings" role="note" aria-label="Warnings">
      <h3>${formatCountOf(warnings.length, "warning")}</h3>
      ${list(warnings.slice(0, SHOWN_WARNINGS))}
      ${more.length === 0
        ? nothing
        : html`<details><summary>${formatCount(more.length)} more</summary>${list(more)}</details>`}
    </div>
  `;
}
