import { type Html, html } from "../report/html.ts";
import { evidenceSwitch } from "../studio/pages/photo/picture_frame.ts";
import { dropZone } from "../studio/pages/try/tried_card.ts";

/** Nothing is loaded from elsewhere, nothing is sent anywhere; WebAssembly may be compiled. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What a page tells of itself. */
export interface PageFacts {
  readonly recipe: string;
  readonly madeBy: string;
  /** The module that it begins with, from the page's address. */
  readonly script: string;
}

/** The page on which pictures are classified. */
export function pageMarkup({ recipe, madeBy, script }: PageFacts): Html {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Cat or dog?</title>
        <link rel="icon" href="icon.svg">
        <link rel="stylesheet" href="page.css">
        <script type="module" src="${script}"></script>
      </head>
      <body data-page="classify">
        <main id="main">
          <h1>Cat or dog?</h1>
          ${dropZone("They stay on this device: nothing is sent anywhere.", "image/*")}
          <div class="page-row">
            <label class="take">Take a photo <input type="file" id="camera" accept="image/*" capture="environment"></label>
            ${evidenceSwitch()}
          </div>
          <div class="page-state">
            <p id="state">Starting</p>
            <progress id="loading" aria-label="Loaded" hidden></progress>
          </div>
          <div id="tried" aria-live="polite"></div>
          <noscript><p class="warnings">This page computes in the browser and needs JavaScript.</p></noscript>
        </main>
        <footer class="page-facts">
          <p>P(dog) is the probability of a dog. ${recipe}; ${madeBy}.</p>
        </footer>
        <div id="said" role="status" class="said"></div>
      </body>
    </html>
  `;
}
