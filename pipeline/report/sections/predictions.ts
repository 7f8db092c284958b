import { histogramChart } from "../charts/histogram_chart.ts";
import { type Html, html } from "../html.ts";
import type { ReportData } from "../report_data.ts";

/** How sure the classifier is: P(dog) of the validation and test photos. */
export async function predictions({ validation, test, run }: ReportData): Promise<Html> {
  if (validation.length === 0 && test.predictions.length === 0) {
    return html`<p class="empty">Nothing was predicted.</p>`;
  }
  const clip = run.clip > 0 ? `; the submission keeps them ${run.clip} away from 0 and 1` : "";
  return html`
    <p>0 is surely a cat, 1 surely a dog. Counts are on a logarithmic axis. Probabilities are the classifier's own${clip}.</p>
    <figure>${await histogramChart(validation, test.predictions)}</figure>
  `;
}
