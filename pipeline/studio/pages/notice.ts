import { type Html, html } from "../../report/html.ts";

/** Something that went wrong, and what to do next, in the words of the command line. */
export function notice(words: string): Html {
  return html`
    <div class="warnings" role="alert">
      <p>${words}</p>
    </div>
  `;
}
