import { type Label, LABELS } from "../../../data/labels.ts";
import { areaUnderRocCurve, type LabelledPrediction } from "../../predictions/metrics.ts";
import { expectedCalibrationError, reliabilityBins } from "../../predictions/calibration.ts";
import { reliabilityChart } from "../charts/reliability_chart.ts";
import { type ConfusionMatrix, confusionMatrix } from "../../predictions/confusion.ts";
import { formatCount, formatShare } from "../format.ts";
import { type Html, html, nothing } from "../html.ts";

/** Whether probabilities mean what they say, and which class is taken for which. */
export async function calibrationSection(validation: readonly LabelledPrediction[]): Promise<Html> {
  if (validation.length === 0) return html`<p class="empty">There are no validation predictions.</p>`;
  const bins = reliabilityBins(validation);
  return html`
    <div class="charts">
      <figure>
        ${await reliabilityChart(bins)}
        <figcaption>
          On the dashed line, a P(dog) of 0.8 is right 8 times in 10; bins with few photos scatter. Expected calibration
          error: <strong>${expectedCalibrationError(bins).toFixed(4)}</strong>.
        </figcaption>
      </figure>
      <div>${confusionTable(confusionMatrix(validation))} ${rankingNote(validation)}</div>
    </div>
  `;
}

function confusionTable(matrix: ConfusionMatrix): Html {
  return html`
    <table class="confusion">
      <caption>Confusion matrix, a dog where P(dog) is over 0.5</caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">taken for a cat</th>
          <th scope="col">taken for a dog</th>
        </tr>
      </thead>
      <tbody>${LABELS.map((label) => confusionRow(label, matrix[label]))}</tbody>
    </table>
  `;
}

function confusionRow(label: Label, counts: ConfusionMatrix["cat"]): Html {
  const total = counts.cat + counts.dog;
  const cell = (predicted: Label) =>
    html`<td class="${predicted === label ? label : "wrong"}"><strong>${
      formatCount(counts[predicted])
    }</strong> <span>${formatShare(counts[predicted] / total)}</span></td>`;
  return html`<tr><th scope="row">${label}s</th>${cell("cat")}${cell("dog")}</tr>`;
}

function rankingNote(validation: readonly LabelledPrediction[]): Html {
  const labels = new Set(validation.map(({ label }) => label));
  if (labels.size < 2) return nothing;
  return html`
    <p
      class="note">Area under the ROC curve: <strong>${areaUnderRocCurve(validation).toFixed(
        4,
      )}</strong>, the chance that a dog gets a higher P(dog) than a cat.</p>
  `;
}
