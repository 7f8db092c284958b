/** Any picture is tried: it is dropped, pasted or chosen. */
import "./look.ts";
import { loadParts } from "./loading.ts";
import { markupFrom, say, sayThrown } from "./page.ts";
import { takePictures } from "./take_pictures.ts";

const place = document.getElementById("tried");

/** One picture after the other, the latest on top. */
async function tryAll(pictures: readonly File[]): Promise<void> {
  for (const file of pictures) {
    say(`Looking at ${file.name} ...`);
    try {
      const init = { method: "POST", body: file, headers: { "X-Name": encodeURIComponent(file.name) } };
      place?.insertAdjacentHTML("afterbegin", await markupFrom("/try", init));
      say("");
    } catch (thrown) {
      sayThrown(thrown);
    }
    loadParts();
  }
}

takePictures(tryAll);
