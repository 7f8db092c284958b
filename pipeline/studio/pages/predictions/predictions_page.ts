import { formatCount, formatCountOf, formatProbability } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { predictedLabel } from "../../../predictions/metrics.ts";
import type { PredictionPage } from "../../../predicted/prediction_list.ts";
import { photoAddress } from "../photo/photo_address.ts";
import { histogramBrush } from "./histogram_brush.ts";
import { ORDERS, type PredictionAddress, predictionPath, PREDICTIONS_PAGE } from "./prediction_address.ts";

/** The photos to predict: how P(dog) is spread, and the photos themselves in an order. */
export function predictionsPage(address: PredictionAddress, page: PredictionPage): Html {
  if (page.all === 0) {
    return html`
      <h1>Predictions</h1>
      <p class="empty">There were no photos to predict.</p>
    `;
  }
  return html`
    <h1>Predictions</h1>
    <p class="count">${formatCount(page.total)} of ${formatCountOf(page.all, "photo")}</p>
    ${form(address)}
    ${histogramBrush(page.histogram, address)}
    <ul class="photos">${predictionTiles(address, page)}</ul>
    ${page.total === 0 ? html`<p class="empty">No photo fits.</p>` : nothing}
  `;
}

const IN_WORDS = { doubt: "doubt, the most doubted first", "P(dog)": "P(dog)", id: "name" } as const;
const SELECTED = html`
  selected
`;
const CHECKED = html`
  checked
`;

function form({ order, descending, from, to, search }: PredictionAddress): Html {
  return html`
    <form class="filters" method="get" action="/predictions" role="search">
      <label>By <select name="order">${ORDERS.map((one) =>
        html`
          <option value="${one}" ${one === order ? SELECTED : nothing}>${IN_WORDS[one]}</option>
        `
      )}</select></label>
      <label class="check"><input type="checkbox" name="descending" value="yes"${descending
        ? CHECKED
        : nothing}> backwards</label>
      <label>P(dog) from <input type="number" name="from" min="0" max="1" step="any" value="${from ?? ""}"></label>
      <label>to <input type="number" name="to" min="0" max="1" step="any" value="${to ?? ""}"></label>
      <label>Name <input type="search" name="search" value="${search ?? ""}"></label>
      <button>Show</button>
    </form>
  `;
}

/** Some photos with their predictions, and the way to those after them. */
export function predictionTiles(address: PredictionAddress, { items, total }: PredictionPage): Html {
  const end = address.at + items.length;
  return html`
    ${items.map(({ id, pDog, readable }) =>
      html`
        <li>
          <a href="/photo?${String(new URLSearchParams({ set: "test", id }))}" data-look>
            ${readable ? html`<img src="${photoAddress("thumbnail", "test", id)}" alt="" loading="lazy">` : UNREADABLE}
            <span class="id">${id}</span></a>
          <p><span class="chip ${predictedLabel(pDog)}">P(dog)</span> <strong>${formatProbability(
            pDog,
          )}</strong></p>
        </li>
      `
    )}
    ${end < total && items.length > 0
      ? html`<li class="more" data-more="${predictionPath(address, { at: end }, "/predictions/more")}"><a
        href="${predictionPath(address, { at: end })}">The next ${
        formatCount(Math.min(PREDICTIONS_PAGE, total - end))
      }</a></li>`
      : nothing}
  `;
}

const UNREADABLE = html`<span class="missing">cannot be read</span>`;
