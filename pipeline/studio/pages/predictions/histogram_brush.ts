import { formatCountOf } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { type PredictionAddress, predictionPath } from "./prediction_address.ts";

const [WIDTH, HEIGHT, GAP] = [600, 96, 3];

/** The least that can be hit with a finger, where there is a photo at all. */
const LEAST_HEIGHT = 4;

/**
 * How P(dog) is spread, on a logarithmic axis as in the report: each bar is a link to its photos, and a range of bars is
 * drawn over to see those of all.
 */
export function histogramBrush(counts: readonly number[], address: PredictionAddress): Html {
  const most = Math.log1p(Math.max(1, ...counts));
  const width = WIDTH / counts.length;
  const end = (bin: number) => Number((bin / counts.length).toFixed(4));
  const isChosen = (bin: number) => end(bin) >= (address.from ?? 0) && end(bin + 1) <= (address.to ?? 1);
  return html`
    <figure class="brush">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT +
        22}" role="group" aria-label="Photos by P(dog)" data-brush="${predictionPath(address, {
          from: undefined,
          to: undefined,
          at: 0,
        })}"
        data-bins="${counts.length}">
        ${counts.map((count, bin) => {
          const height = count === 0 ? 0 : Math.max(LEAST_HEIGHT, HEIGHT * Math.log1p(count) / most);
          const words = `P(dog) ${end(bin)} to ${end(bin + 1)}: ${formatCountOf(count, "photo")}`;
          return html`
            <a href="${predictionPath(address, { from: end(bin), to: end(bin + 1), at: 0 })}" aria-label="${words}"
              class="${barClass(bin < counts.length / 2, isChosen(bin))}">
              <title>${words}</title>
              <rect class="room" x="${bin * width}" y="0" width="${width}" height="${HEIGHT}" />
              <rect class="bar" x="${bin * width + GAP / 2}" y="${HEIGHT - height}" width="${width -
                GAP}" height="${height}" />
            </a>
          `;
        })}
        ${[0, 0.25, 0.5, 0.75, 1].map((tick) =>
          html`<text x="${tick * WIDTH}" y="${HEIGHT + 16}" class="${anchor(tick)}">${tick}</text>`
        )}
      </svg>
      <figcaption>P(dog), photos on a logarithmic axis. Click a bar, or draw over several.
        ${address.from !== undefined || address.to !== undefined
          ? html`<a href="${predictionPath(address, { from: undefined, to: undefined, at: 0 })}">All of them</a>`
          : nothing}</figcaption>
    </figure>
  `;
}

function barClass(isCat: boolean, isChosen: boolean): string {
  return `${isCat ? "cat" : "dog"}${isChosen ? "" : " faint"}`;
}

/** The first and the last number stay inside the picture. */
function anchor(tick: number): string {
  return tick === 0 ? "start" : tick === 1 ? "end" : "middle";
}
