import { formatCount } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import type { NotedQueuePage } from "../../../knowledge/run_knowledge.ts";
import { FILTERS, type ReviewAddress, reviewPath } from "./review_query.ts";

/** What the page is made of besides the queue itself. */
export interface ReviewPageParts {
  readonly address: ReviewAddress;
  readonly queue: NotedQueuePage;
  /** The photo, or the grid of them. */
  readonly body: Html;
  readonly apply: Html;
  readonly applied: Html;
}

/** The review: what deserves a look, one photo at a time or many at once, and what becomes of the decisions. */
export function reviewPage({ address, queue, body, apply, applied }: ReviewPageParts): Html {
  return html`
    <div class="review-head">
      <h1>Review</h1>
      <p id="review-count" class="count">${reviewCount(queue)}</p>
      <div id="review-filters">${reviewFilters(address, queue)}</div>
      <div id="review-views">${reviewViews(address)}</div>
    </div>
    <div id="review-apply" class="apply">${apply}</div>
    <div id="review-applied">${applied}</div>
    <div id="review-body">${body}</div>
    ${queue.notes.map((words) => html`<p class="note">${words}</p>`)}
    ${help(queue.order)}
  `;
}

/** `undecided 26 of 38`. */
export function reviewCount({ undecided, total }: Pick<NotedQueuePage, "undecided" | "total">): Html {
  return html`undecided <strong>${formatCount(undecided)}</strong> of ${formatCount(total)}`;
}

const TITLES = { label: "Class", reason: "Reason", side: "Set", state: "State" } as const;

/** The filters, with how many photos each choice would show. Without scripts a button applies them. */
export function reviewFilters(address: ReviewAddress, { counts }: Pick<NotedQueuePage, "counts">): Html {
  const names = ["label", "reason", "side", "state"] as const;
  return html`
    <form class="filters" method="get" action="/review" data-filters>
      ${names.map((name) => filter(name, address[name], new Map(Object.entries(counts[name]))))}
      ${address.view === "grid" ? GRID : nothing}
      <noscript><button>Show</button></noscript>
    </form>
  `;
}

const GRID = html`<input type="hidden" name="view" value="grid">`;

function filter(name: keyof typeof TITLES, chosen: string | undefined, counts: ReadonlyMap<string, number>): Html {
  const offered = FILTERS[name].filter((value) => value === chosen || (counts.get(value) ?? 0) > 0);
  return html`
    <label>${TITLES[name]}
      <select name="${name}">
        <option value="">all</option>
        ${offered.map((value) =>
          html`
            <option value="${value}" ${value === chosen ? SELECTED : nothing}>${value} (${formatCount(
              counts.get(value) ?? 0,
            )})</option>
          `
        )}
      </select>
    </label>
  `;
}

const SELECTED = html`
  selected
`;

/** The ways in which the photos that the filters leave may be looked at. */
export function reviewViews(address: ReviewAddress): Html {
  const link = (view: ReviewAddress["view"], text: string) =>
    html`
      <a href="${reviewPath(address, { view, at: undefined })}" ${address.view === view ? CURRENT : nothing}>${text}</a>
    `;
  return html`<p class="views" role="group" aria-label="View">${link("one", "One by one")} ${
    link("grid", "Many at once")
  }</p>`;
}

const CURRENT = html`
  aria-current="true"
`;

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["K", "keep it: never set aside"],
  ["D", "drop it: it takes part in nothing"],
  ["C", "it is a cat, whatever its name says"],
  ["G", "it is a dog, whatever its name says"],
  ["U", "undo the last decision, also after a restart"],
  ["← →", "the photo before, the next one"],
  ["Space", "enlarge the photo; in the grid, choose it"],
  ["E", "show or hide where cat and dog are seen"],
  ["?", "this help"],
];

function help(order: string): Html {
  return html`
    <dialog id="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl class="keys">${KEYS.map(([key, does]) =>
        html`
          <div>
            <dt><kbd>${key}</kbd></dt>
            <dd>${does}</dd>
          </div>
        `
      )}</dl>
      <p>${order}</p>
      <form method="dialog"><button>Close</button></form>
    </dialog>
  `;
}
