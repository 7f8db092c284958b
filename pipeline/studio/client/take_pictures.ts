/**
 * Takes the pictures that are dropped on a page, pasted, or chosen in its inputs of files.
 * @param take what is done with those that come together; an input lets go of them after it
 */
export function takePictures(take: (pictures: readonly File[]) => void | Promise<void>): void {
  const drop = document.getElementById("drop");
  for (const input of document.querySelectorAll<HTMLInputElement>('input[type="file"]')) {
    input.addEventListener("change", async () => {
      await take([...input.files ?? []]);
      // The same picture may be chosen again.
      input.value = "";
    });
  }
  document.addEventListener("paste", ({ clipboardData }) => take([...clipboardData?.files ?? []]));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop?.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop?.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop?.classList.remove("over");
    take([...event.dataTransfer?.files ?? []]);
  });
}
