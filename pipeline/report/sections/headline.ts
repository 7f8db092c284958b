import { accuracy, logLoss } from "../../predictions/metrics.ts";
import { chosenFitText } from "../../classifier/chosen_fit.ts";
import { duration } from "../../terminal/progress.ts";
import { formatCount, formatCountOf, formatLoss, formatShare } from "../format.ts";
import { type Html, html, nothing } from "../html.ts";
import type { ReportData } from "../report_data.ts";

/** The numbers that people ask for first, then what was run and the warnings. */
export function headline(data: ReportData): Html {
  return html`${keyNumbers(data)} ${comparison(data)} ${runFacts(data)} ${warningList(data.warnings)}`;
}

function keyNumbers({ validation, run, outliers, photos, stages }: ReportData): Html {
  const right = validation.length > 0 ? accuracy(validation) : NaN;
  const loss = validation.length > 0 ? logLoss(validation, { clip: run.clip }) : NaN;
  const exactLoss = validation.length > 0 ? logLoss(validation) : NaN;
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const dropped = photos.dropped.reduce((sum, { ids }) => sum + ids.length, 0);
  const clipped = run.clip > 0 ? `clipped at ${run.clip}; ${formatLoss(exactLoss)} without` : "not clipped";
  return html`
    <dl class="numbers">
      ${number(
        "Accuracy",
        formatShare(right),
        validation.length > 0
          ? `${formatCount(Math.round(right * validation.length))} of ${
            formatCount(validation.length)
          } validation photos`
          : "no validation photos",
      )}
      ${number("Log loss", formatLoss(loss), validation.length > 0 ? `validation, ${clipped}` : "no validation photos")}
      ${number(
        "Outliers",
        formatCount(outliers.photos.length),
        "training photos that are doubted",
      )}
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
  return html`
    <div class="warnings" role="note">
      <h3>${formatCountOf(warnings.length, "warning")}</h3>
      <ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>
    </div>
  `;
}
