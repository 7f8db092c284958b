import type { FiguresCompared } from "../../../compared/compare_figures.ts";
import { formatCount, formatCountOf, formatLoss, formatProbability, formatShare } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import type { Estimate } from "../../../predictions/bootstrap.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import { photoAddress } from "../photo/photo_address.ts";

/** Photos that are shown of those that changed. */
const SHOWN = 12;

/** What the decisions changed: the figures before and after, photos on another side, and the submission. */
export function appliedChanges(compared: FiguresCompared | undefined): Html {
  if (!compared) return nothing;
  const { logLoss, accuracy, setAside, classifier, shared, sides, submission } = compared;
  return html`
    <section class="applied" aria-labelledby="applied-title">
      <h2 id="applied-title">What your decisions changed</h2>
      <table class="stacked">
        <thead>
          <tr><th scope="col">On validation</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th></tr>
        </thead>
        <tbody>
          ${row("log loss", measure(logLoss.before, formatLoss), measure(logLoss.after, formatLoss))}
          ${row("accuracy", measure(accuracy.before, formatShare), measure(accuracy.after, formatShare))}
          ${row("photos set aside", html`${formatCount(setAside.before)}`, html`${formatCount(setAside.after)}`)}
          ${row("classifier", html`${classifier.before}`, html`${classifier.after}`)}
        </tbody>
      </table>
      ${shared ? html`<p>${sharedInWords(shared)}</p>` : nothing}
      ${sidesChanged(sides)}
      ${submissionChanged(submission)}
    </section>
  `;
}

function row(name: string, before: Html, after: Html): Html {
  return html`
    <tr>
      <th scope="row">${name}</th>
      <td class="number" data-column="before">${before}</td>
      <td class="number" data-column="after">${after}</td>
    </tr>
  `;
}

function measure(estimate: Estimate | undefined, format: (value: number) => string): Html {
  if (!estimate) return html`–`;
  return html`
    <strong>${format(estimate.value)}</strong>
    <span class="interval">${format(estimate.low)} to ${format(estimate.high)}</span>
  `;
}

function sharedInWords({ photos, logLossChange }: NonNullable<FiguresCompared["shared"]>): string {
  const { value, low, high } = logLossChange;
  const sign = (change: number) => `${change > 0 ? "+" : ""}${change.toFixed(4)}`;
  const verdict = high < 0 ? "better" : low > 0 ? "worse" : "which may be chance";
  return `On the ${formatCountOf(photos, "photo")} that validate before and after, the log loss changed by ` +
    `${sign(value)} (95% interval ${sign(low)} to ${sign(high)}): ${verdict}.`;
}

function sidesChanged(sides: FiguresCompared["sides"]): Html {
  if (sides.length === 0) return html`<p>No photo changed from cat to dog, or the other way.</p>`;
  const left = sides.length - SHOWN;
  return html`
    <h3>${formatCountOf(sides.length, "photo")} changed sides</h3>
    <ul class="photos small">${sides.slice(0, SHOWN).map(({ set, id, label, before, after }) =>
      html`
        <li>
          <img src="${photoAddress("thumbnail", set, id)}" alt="" loading="lazy">
          <p class="id">${id}</p>
          <p>P(dog) ${formatProbability(before)} → <strong>${formatProbability(after)}</strong></p>
          ${label ? html`<p>labelled ${labelChip(label)}</p>` : html`<p>to predict</p>`}
        </li>
      `
    )}</ul>
    ${left > 0 ? html`<p class="note">And ${formatCount(left)} more.</p>` : nothing}
  `;
}

function submissionChanged({ changed, photos, largest }: FiguresCompared["submission"]): Html {
  if (photos === 0) return nothing;
  if (changed === 0) return html`<p>The submission is as it was.</p>`;
  return html`
    <p>In the submission ${formatCount(changed)} of ${formatCountOf(photos, "prediction")} changed.</p>
    <details>
      <summary>The largest changes</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Photo</th>
            <th scope="col" class="number">P(dog) before</th>
            <th scope="col" class="number">after</th>
          </tr>
        </thead>
        <tbody>${largest.slice(0, SHOWN).map(({ id, before, after }) =>
          html`
            <tr>
              <th scope="row" class="id">${id}</th>
              <td class="number">${formatProbability(before)}</td>
              <td class="number">${formatProbability(after)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </details>
  `;
}
