import narrowStyle from "./narrow.css" with { type: "text" };
import printStyle from "./print.css" with { type: "text" };
import style from "./report.css" with { type: "text" };
import { formatCountOf } from "./format.ts";
import { Html, html } from "./html.ts";
import type { ReportData } from "./report_data.ts";
import { calibrationSection } from "./sections/calibration_section.ts";
import { headline } from "./sections/headline.ts";
import { learning } from "./sections/learning.ts";
import { mistakes } from "./sections/mistakes.ts";
import { outliers } from "./sections/outliers.ts";
import { photoSummary } from "./sections/photo_summary.ts";
import { predictionSample } from "./sections/prediction_sample.ts";
import { predictions } from "./sections/predictions.ts";
import { stageTable } from "./sections/stage_table.ts";

/**
 * Renders a run as one HTML page that needs nothing besides itself: no network, no script, no other file.
 * Predictions that are no probability are left out of every number and chart, with a warning.
 *
 * @throws Error when a thumbnail is not a picture as a data URI.
 */
export async function renderReport(given: ReportData): Promise<string> {
  const data = withoutBadPredictions(given);
  const sections: [id: string, title: string, content: Html][] = [
    ["summary", "Summary", headline(data)],
    ["stages", "Stages", stageTable(data.stages)],
    ["photos", "Photos", photoSummary(data.photos)],
    ["learning", "Learning", await learning(data.learning)],
    ["predictions", "Predictions", await predictions(data)],
    ["calibration", "Calibration", await calibrationSection(data.validation)],
    ["outliers", "Outliers", outliers(data.outliers)],
    ["mistakes", "Surest mistakes", mistakes(data.mistakes)],
    ["sample", "Sample of predictions", predictionSample(data.test)],
  ];
  const { name, finished } = data.run;
  const page = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${name}: cats and dogs</title>
        <style>${new Html(style + narrowStyle + printStyle)}</style>
      </head>
      <body>
        <header>
          <h1>${name}</h1>
          <p>Cats and dogs, finished <time datetime="${finished.toISOString()}">${readableTime(finished)}</time></p>
          <nav aria-label="Sections">
            <ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
          </nav>
        </header>
        <main>
    ${sections.map(([id, title, content]) =>
      html`
        <section id="${id}"
          aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>
      `
    )}
        </main>
      </body>
    </html>
  `;
  return page.markup;
}

function withoutBadPredictions(data: ReportData): ReportData {
  const isProbability = (value: number) => value >= 0 && value <= 1;
  const validation = data.validation.filter(({ pDog }) => isProbability(pDog));
  const predictions = data.test.predictions.filter(isProbability);
  const left = data.validation.length - validation.length + data.test.predictions.length - predictions.length;
  if (left === 0) return data;
  const warning = `${
    formatCountOf(left, "prediction is", "predictions are")
  } no probability and left out of this page.`;
  return { ...data, validation, test: { ...data.test, predictions }, warnings: [...data.warnings, warning] };
}

/** `2025-11-24 02:15 UTC`: the same on every machine. */
function readableTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
