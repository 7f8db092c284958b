import { formatCount, formatLoss, formatProbability } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import type { QueueItem } from "../../../queue/queue_item.ts";
import type { QueuePage } from "../../../queue/review_queue.ts";
import { decisionButtons, wordInWords } from "../photo/decision_buttons.ts";
import { photoAddress } from "../photo/photo_address.ts";
import { GRID_PAGE, type PlacedAddress, reviewPath } from "./review_query.ts";

/** Many photos of the queue at once: those that are chosen get one word together. */
export function reviewGrid(address: PlacedAddress, queue: QueuePage): Html {
  return html`
    <div class="grid-tools">
      <p><strong data-chosen>0</strong> chosen
        <button type="button" data-do="choose-all">All</button> <button type="button" data-do="choose-none">None</button>
        <button type="button" data-do="help" aria-keyshortcuts="?">Keys <kbd>?</kbd></button></p>
      ${decisionButtons()}
    </div>
    <ul class="photos choosable" data-here="${reviewPath(address)}">${gridPage(address, queue)}</ul>
    ${queue.total === 0 ? html`<p class="empty">No photo fits these filters.</p>` : nothing}
  `;
}

/** Some photos of the grid, and the way to those after them. */
export function gridPage(address: PlacedAddress, { items, total }: QueuePage): Html {
  const end = address.at + items.length;
  const next = reviewPath(address, { at: end }, "/review/more");
  return html`
    ${items.map(gridTile)}
    ${end < total && items.length > 0
      ? html`<li class="more" data-more="${next}"><a href="${reviewPath(address, { at: end })}">The next ${
        formatCount(Math.min(GRID_PAGE, total - end))
      }</a></li>`
      : nothing}
  `;
}

/** One photo of the grid. */
export function gridTile({ id, label, pDog, loss, reasons, word }: QueueItem): Html {
  return html`
    <li class="${word ?? "undecided"}" data-tile="${id}">
      <label>
        <input type="checkbox" name="id" value="${id}">
        <img src="${photoAddress("thumbnail", "train", id)}" alt="" loading="lazy">
        <span class="id">${id}</span>
        <span>${label === null ? "no label" : labelChip(label)} ${pDog === undefined
          ? ""
          : `P(dog) ${formatProbability(pDog)}`}</span>
        <span>${loss === undefined ? "" : `loss ${formatLoss(loss)}; `}${reasons.map(({ kind }) => kind).join(
          ", ",
        )}</span>
        <strong class="word">${word ? wordInWords(word) : ""}</strong>
      </label>
    </li>
  `;
}
