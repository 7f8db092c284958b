import { type Html, html } from "../../report/html.ts";

/** A page that has nothing to show before the run has come so far. */
export function noRunYet(title: string, words = "There is nothing to show yet: the run comes first."): Html {
  return html`
    <h1>${title}</h1>
    <p class="lead">${words}</p>
    <p class="next"><a class="button" href="/">Go to the run</a></p>
  `;
}
