import { type Html, html } from "../../../report/html.ts";
import type { Word } from "../../../review/word.ts";

/** Words with their keys, in the order in which they are asked for. */
export const WORDS: readonly { readonly word: Word; readonly key: string; readonly text: string }[] = [
  { word: "keep", key: "K", text: "Keep" },
  { word: "drop", key: "D", text: "Drop" },
  { word: "cat", key: "C", text: "It is a cat" },
  { word: "dog", key: "G", text: "It is a dog" },
];

/** The buttons by which a word is given; the one that was given is pressed. */
export function decisionButtons(given?: Word): Html {
  return html`
    <div class="decisions" role="group" aria-label="Your word">
      ${WORDS.map(({ word, key, text }) =>
        html`
          <button type="button" class="${word}" data-word="${word}" aria-keyshortcuts="${key}"
            aria-pressed="${String(word === given)}">${text} <kbd>${key}</kbd></button>
        `
      )}
      <button type="button" data-do="undo" aria-keyshortcuts="U">Undo <kbd>U</kbd></button>
    </div>
  `;
}

/** A word as it is told after it was given. */
export function wordInWords(word: Word | undefined): string {
  return { keep: "kept", drop: "dropped", cat: "is a cat", dog: "is a dog", none: "undecided" }[word ?? "none"];
}
