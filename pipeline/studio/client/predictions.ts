/** The predictions: a range of the histogram is drawn over, and more photos come as one scrolls. */
import "./look.ts";
import { loadMore, loadParts } from "./loading.ts";

/** The bar under the pointer, from 0; those outside count as the nearest. */
function binAt(chart: SVGElement, x: number): number {
  const { left, width } = chart.getBoundingClientRect();
  const bins = Number(chart.dataset.bins);
  return Math.min(bins - 1, Math.max(0, Math.floor(bins * (x - left) / width)));
}

function brush(chart: SVGElement): void {
  const bars = [...chart.querySelectorAll("a")];
  let from: number | undefined;
  const mark = (a: number, b: number) =>
    bars.forEach((bar, bin) => bar.classList.toggle("faint", bin < Math.min(a, b) || bin > Math.max(a, b)));
  chart.addEventListener("pointerdown", ({ clientX }) => from = binAt(chart, clientX));
  // A link that is drawn over is not meant to be carried away.
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointermove", ({ clientX }) => from !== undefined && mark(from, binAt(chart, clientX)));
  addEventListener("pointerup", ({ clientX }) => {
    if (from === undefined) return;
    const [low, high] = [from, binAt(chart, clientX)].sort((a, b) => a - b);
    from = undefined;
    if (low === high) return;
    const address = new URL(chart.dataset.brush ?? "", location.href);
    address.searchParams.set("from", String(Number((low / bars.length).toFixed(4))));
    address.searchParams.set("to", String(Number(((high + 1) / bars.length).toFixed(4))));
    location.assign(address);
  });
}

for (const chart of document.querySelectorAll<SVGElement>("[data-brush]")) brush(chart);

loadParts();
loadMore();
