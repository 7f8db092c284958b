import { formatCount, formatCountOf } from "../format.ts";
import { type Html, html, nothing } from "../html.ts";
import type { PhotoSummary } from "../report_data.ts";

/** File names that a list shows; the manifests have them all. */
const SHOWN_IDS = 100;

/** How many photos are used, which were dropped and why, what else lies there, and which show the same. */
export function photoSummary(summary: PhotoSummary): Html {
  const { train, setAside, validation, dropped, leftOut, relabelled, duplicates } = summary;
  return html`
    <p>${formatCountOf(train, "photo")} to train, ${formatCount(validation)} to validate.</p>
    ${setAside.length === 0
      ? nothing
      : idList(`set aside from training by the rescan: ${formatCountOf(setAside.length, "photo")}`, setAside)}
    ${dropped.length === 0
      ? html`<p class="empty">No photo was dropped.</p>`
      : html`<h3>Dropped</h3> ${
        dropped.map(({ reason, ids }) => idList(`${reason}: ${formatCountOf(ids.length, "photo")}`, ids))
      }`}
    ${leftOut.length === 0 ? nothing : html`
      <h3>Left out</h3>
      <p>Beside the photos, to learn from and to predict, and taken for none.</p>
      ${leftOut.map(({ counted, ids }) => idList(counted, ids))}
    `}
    ${relabelled.length === 0 ? nothing : html`<h3>Relabelled</h3> ${
      idList(
        `by you: ${formatCountOf(relabelled.length, "photo")}`,
        relabelled.map(({ id, named, label }) => `${id}: ${label}${named ? `, not ${named}` : ""}`),
      )
    }`}
    ${duplicates.length === 0 ? html`<p class="empty">No two photos show the same.</p>` : html`
      <h3>Duplicates</h3>
      <p>Photos that show the same are kept on one side of the split.</p>
      ${(["exact", "near"] as const).map((kind) => duplicateList(kind, duplicates))}
    `}
  `;
}

function duplicateList(kind: "exact" | "near", duplicates: PhotoSummary["duplicates"]): Html {
  const groups = duplicates.filter((group) => group.kind === kind).map(({ ids }) => ids.join(" = "));
  return idList(`${kind === "exact" ? "Exact" : "Near"}: ${formatCountOf(groups.length, "group")}`, groups);
}

function idList(title: string, ids: readonly string[]): Html {
  if (ids.length === 0) return html`<p class="folded">${title}</p>`;
  const left = ids.length - SHOWN_IDS;
  return html`
    <details>
      <summary>${title}</summary>
      <ul class="ids">${ids.slice(0, SHOWN_IDS).map((id) => html`<li>${id}</li>`)}${left > 0
        ? [html`<li>and ${formatCount(left)} more</li>`]
        : []}</ul>
    </details>
  `;
}
