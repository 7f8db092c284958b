/** Duplicates: one of a group is kept with a click. */
import "./look.ts";
import { ask } from "./answer.ts";
import { isTyping } from "./looking.ts";
import { loadMore } from "./loading.ts";

const undo = () => ask("/duplicates/undo", {});

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-keep], [data-do]") : null;
  if (!button) return;
  const { keep, set, group, do: action } = button.dataset;
  if (keep !== undefined) ask("/duplicates/keep", { group: Number(group), set, id: keep });
  if (action === "undo") undo();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target, event.key)) return;
  if (event.key.toLowerCase() === "u") undo();
});
loadMore();
