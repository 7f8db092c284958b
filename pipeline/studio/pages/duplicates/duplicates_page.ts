import { formatCount, formatCountOf } from "../../../report/format.ts";
import { type Html, html, nothing } from "../../../report/html.ts";
import { labelChip } from "../../../report/sections/photo_grid.ts";
import type { DuplicateGroup, DuplicateMember, DuplicatesPage } from "../../../queue/duplicate_groups.ts";
import { wordInWords } from "../photo/decision_buttons.ts";
import { photoAddress } from "../photo/photo_address.ts";

/** Groups that come at a time. */
export const GROUPS_PAGE = 30;

/** Which groups are shown, by their names in the address. */
export const KINDS = ["cross-label", "train-to-test", "undecided"] as const;
export type Kind = (typeof KINDS)[number];

const IN_WORDS = {
  "cross-label": "under both labels",
  "train-to-test": "in both sets",
  undecided: "undecided",
} as const;

/** Photos that show the same, side by side; one of each group is kept with a click. */
export function duplicatesPage(only: Kind | undefined, page: DuplicatesPage): Html {
  const link = (kind: Kind | undefined, text: string) =>
    html`
      <a href="${kind ? `/duplicates?only=${kind}` : "/duplicates"}" ${kind === only
        ? CURRENT
        : nothing}>${text} (${formatCount(page.counts[kind ?? "all"])})</a>
    `;
  return html`
    <h1>Duplicates</h1>
    <p>Photos that show the same stand on one side of the split, so that none is both learnt and validated. Under both
    labels, one label is wrong.</p>
    <p class="views" role="group" aria-label="Groups">${link(undefined, "all")} ${KINDS.map((kind) =>
      link(kind, IN_WORDS[kind])
    )}
      <button type="button" data-do="undo" aria-keyshortcuts="U">Undo <kbd>U</kbd></button></p>
    <div id="groups">${duplicateGroups(only, page, 0)}</div>
  `;
}

const CURRENT = html`
  aria-current="true"
`;

/** Some groups, and the way to those after them. */
export function duplicateGroups(only: Kind | undefined, { groups, total }: DuplicatesPage, at: number): Html {
  const end = at + groups.length;
  if (total === 0) return html`<p class="empty">No photos show the same.</p>`;
  const more = new URLSearchParams({ at: String(end), ...(only ? { only } : {}) });
  return html`
    ${groups.map(duplicateGroup)}
    ${end < total && groups.length > 0
      ? html`<p class="more" data-more="/duplicates/more?${String(more)}"><a href="/duplicates?${String(more)}">${
        formatCountOf(total - end, "more group")
      }</a></p>`
      : nothing}
  `;
}

/** One group, its photos side by side. */
export function duplicateGroup({ number, kind, members, crossLabel, trainToTest }: DuplicateGroup): Html {
  return html`
    <section class="group" data-tile="${number}" aria-labelledby="group-${number}">
      <h2 id="group-${number}">${formatCountOf(members.length, "photo")}, ${kind === "exact"
        ? "the same file"
        : "nearly the same"}
        ${crossLabel ? html`<strong class="flag">under both labels</strong>` : nothing}
        ${trainToTest ? html`<strong class="flag">also among the photos to predict</strong>` : nothing}</h2>
      <ul class="photos">${members.map((member) => memberTile(number, member))}</ul>
    </section>
  `;
}

function memberTile(group: number, { set, id, label, side, width, height, bytes, word }: DuplicateMember): Html {
  return html`
    <li class="${word ?? "undecided"}">
      <a href="/photo?${String(new URLSearchParams({ set, id }))}" data-look>
        <img src="${photoAddress("thumbnail", set, id)}" alt="" loading="lazy"><span class="id">${id}</span></a>
      <p>${label ? html`labelled ${labelChip(label)}` : nothing} ${side}</p>
      <p>${width}×${height}, ${formatCount(Math.ceil(bytes / 1000))} kB</p>
      ${word ? html`<p><strong class="word">${wordInWords(word)}</strong></p>` : nothing}
      <button type="button" data-keep="${id}" data-set="${set}" data-group="${group}"
        aria-label="Keep this one, ${id}, and drop the others of its group">Keep this one</button>
    </li>
  `;
}
