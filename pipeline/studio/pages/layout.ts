import { basename } from "@std/path";
import { type Html, html, nothing } from "../../report/html.ts";
import type { RunView } from "../run/run_view.ts";
import { activityBadge } from "./run/activity_badge.ts";

/** The pages, in the order in which somebody who begins needs them. */
export const PAGES = {
  run: { title: "Run", path: "/" },
  review: { title: "Review", path: "/review" },
  duplicates: { title: "Duplicates", path: "/duplicates" },
  predictions: { title: "Predictions", path: "/predictions" },
  try: { title: "Try", path: "/try" },
  compare: { title: "Compare", path: "/compare" },
} as const;
/** `photo`: one photo by itself, to which no entry leads. */
export type PageName = keyof typeof PAGES | "photo";

/** What a page is made of. */
export interface Page {
  readonly name: PageName;
  readonly content: Html;
  /** Scripts of its own, beside the one that all pages have. */
  readonly scripts?: readonly string[];
}

/** A whole page of the studio: the run's name, the way to the other pages, and the content. */
export function layout({ name, content, scripts = [] }: Page, view: RunView): Html {
  const run = basename(view.out);
  const hasReport = view.stages.some(({ stage, seconds }) => stage === "report" && seconds !== undefined);
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${name === "photo" ? "Photo" : PAGES[name].title}: ${run}</title>
        <link rel="icon" href="/assets/icon.svg">
        <link rel="stylesheet" href="/assets/studio.css">
        ${["studio", ...scripts].map((script) => html`<script type="module" src="/assets/${script}.ts"></script>`)}
      </head>
      <body data-page="${name}">
        <a class="skip" href="#main">To the content</a>
        <header class="top">
          <p class="run-name"><a href="/">${run}</a></p>
          <nav aria-label="Pages">
            <ul>
              ${Object.entries(PAGES).map(([key, { title, path }]) =>
                html`<li><a href="${path}"${key === name ? CURRENT : nothing}>${title}</a></li>`
              )}
              ${hasReport ? REPORT : nothing}
            </ul>
          </nav>
          <div id="activity" class="activity">${activityBadge(view)}</div>
        </header>
        <main id="main" tabindex="-1">${content}</main>
        <div id="said" role="status" class="said"></div>
      </body>
    </html>
  `;
}

const CURRENT = html`
  aria-current="page"
`;
const REPORT = html`<li class="apart"><a href="/report" target="_blank">Report</a></li>`;
