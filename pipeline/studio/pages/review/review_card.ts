import { formatCount, formatLoss, formatProbability } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import type { QueueItem } from "../../../queue/queue_item.ts";
import type { QueuePage } from "../../../queue/review_queue.ts";
import { decisionButtons, wordInWords } from "../photo/decision_buttons.ts";
import { photoAddress } from "../photo/photo_address.ts";
import { evidenceSwitch, pictureFrame } from "../photo/picture_frame.ts";
import { type PlacedAddress, reviewPath } from "./review_query.ts";

/**
 * One photo of the queue, large, with all that helps to decide on it.
 * @param queue from the photo at the address's place on; the one after it is loaded ahead
 */
export function reviewCard(address: PlacedAddress, queue: QueuePage): Html {
  const [item, next] = queue.items;
  if (!item) return nothingLeft(address, queue);
  return html`
    <article class="card" data-at="${address.at}" data-id="${item.id}" aria-label="${item.id}"
      data-here="${reviewPath(address)}" ${next ? ahead(next) : nothing}>
      <div class="card-picture">
        ${pictureFrame("train", item.id)}
        <div class="card-below">${evidenceSwitch()} ${way(address, queue)}</div>
      </div>
      <div class="card-facts">
        ${facts(item)}
        ${decisionButtons(item.word)}
        <div data-load="/review/near?${String(new URLSearchParams({ id: item.id }))}"></div>
      </div>
    </article>
  `;
}

function ahead({ id }: QueueItem): Html {
  return html`
    data-ahead="${photoAddress("picture", "train", id)}" data-ahead-evidence="${photoAddress("evidence", "train", id)}"
  `;
}

function facts({ id, label, side, pDog, loss, reasons, verdict, word, duplicates }: QueueItem): Html {
  return html`
    <h2 class="id">${id}</h2>
    <dl class="card-numbers">
      <div>
        <dt>labelled</dt>
        <dd>${label === null ? "nothing" : labelChip(label)}</dd>
      </div>
      <div>
        <dt>P(dog)</dt>
        <dd>${pDog === undefined ? "–" : formatProbability(pDog)}</dd>
      </div>
      <div>
        <dt>loss</dt>
        <dd>${loss === undefined ? "–" : formatLoss(loss)}</dd>
      </div>
      <div>
        <dt>set</dt>
        <dd>${side}</dd>
      </div>
      <div>
        <dt>your word</dt>
        <dd class="word">${wordInWords(word)}</dd>
      </div>
    </dl>
    <ul class="reasons">
      ${reasons.map(({ words }) => html`<li>${words}</li>`)}
      ${verdict ? html`<li class="verdict">${verdict}</li>` : nothing}
      ${duplicates === undefined
        ? nothing
        : html`<li><a href="/duplicates?at=${duplicates}">See the photos that show the same</a></li>`}
    </ul>
  `;
}

/** The way to the photos before and after. */
function way(address: PlacedAddress, { total }: QueuePage): Html {
  const { at } = address;
  const link = (to: number, text: string, name: string) =>
    to < 0 || to >= total
      ? html`<span class="button off" aria-hidden="true">${text}</span>`
      : html`<a class="button" href="${
        reviewPath(address, { at: to })
      }" data-go="${to}" aria-label="${name}">${text}</a>`;
  return html`
    <p class="way">${link(at - 1, "←", "The photo before")}
      <span>${formatCount(at + 1)} of ${formatCount(total)}</span>
      ${link(at + 1, "→", "The next photo")}
      <button type="button" data-do="enlarge" aria-keyshortcuts="Space">Enlarge <kbd>Space</kbd></button>
      <button type="button" data-do="help" aria-keyshortcuts="?">Keys <kbd>?</kbd></button></p>
  `;
}

function nothingLeft(address: PlacedAddress, { total, all }: QueuePage): Html {
  const words = all === 0
    ? "Nothing deserves a look: no photo is in doubt."
    : total === 0
    ? "No photo fits these filters."
    : "That was the last one.";
  return html`
    <article class="card done" data-at="${address.at}" data-here="${reviewPath(address)}">
      <p class="lead">${words}</p>
      <p><a class="button" href="/review">All photos of the queue</a>
      <button type="button" data-do="undo" aria-keyshortcuts="U">Undo <kbd>U</kbd></button></p>
    </article>
  `;
}
