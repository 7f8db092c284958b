/** Any picture is tried: it is dropped, pasted or chosen. */
import "./look.ts";
import { loadParts } from "./loading.ts";
import { markupFrom, say, sayThrown } from "./page.ts";

const place = document.getElementById("tried");
const drop = document.getElementById("drop");
const input = document.querySelector<HTMLInputElement>("#pictures");

/** One picture after the other, the latest on top. */
async function tryAll(files: Iterable<File>): Promise<void> {
  for (const file of files) {
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

input?.addEventListener("change", async () => {
  await tryAll([...input.files ?? []]);
  input.value = "";
});

document.addEventListener("paste", ({ clipboardData }) => tryAll(clipboardData?.files ?? []));

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop?.classList.add("over");
});
document.addEventListener("dragleave", () => drop?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop?.classList.remove("over");
  tryAll(event.dataTransfer?.files ?? []);
});
