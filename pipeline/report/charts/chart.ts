import type { Config, TopLevelSpec } from "vega-lite";
import { escape } from "@std/html/entities";
import { Html } from "../html.ts";

/** Width of a chart's plotting area in its own units; the page scales the whole picture to the room there is. */
export const CHART_WIDTH = 360;

/** Colours by role. They are custom properties of the page's style sheet, so that charts follow light and dark mode. */
export const COLOUR = {
  cat: "var(--cat)",
  dog: "var(--dog)",
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
} as const;

const theme: Config = {
  // The figure's own label describes it; a label on every mark would be noise to a screen reader.
  aria: false,
  background: "transparent",
  padding: 4,
  view: { stroke: null },
  axis: {
    domainColor: COLOUR.line,
    gridColor: COLOUR.line,
    tickColor: COLOUR.line,
    labelColor: COLOUR.muted,
    labelFlush: false,
    labelFontSize: 13,
    labelLimit: 0,
    titleColor: COLOUR.muted,
    titleFontSize: 13,
    titleFontWeight: "normal",
  },
  legend: { labelColor: COLOUR.ink, labelFontSize: 13, orient: "top", symbolSize: 240, symbolStrokeWidth: 2 },
  header: { labelColor: COLOUR.ink, labelFontSize: 13, title: null },
  text: { color: COLOUR.muted, fontSize: 13 },
};

/**
 * Draws a chart as SVG markup to stand inside a page.
 * @param description what the chart shows, for those who do not see it.
 */
export async function renderChart(spec: TopLevelSpec, description: string): Promise<Html> {
  // Loaded with the first chart: they take as long as half of all else, and most commands draw none.
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new View(parse(compile(spec, { config: theme }).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return new Html(
    svg
      // Within HTML the namespaces are known.
      .replace(/ xmlns(:xlink)?="[^"]*"/g, "")
      // The picture has one description; its parts would each need a name of their own.
      .replace(/ role="graphics-[a-z]+"( aria-roledescription="[^"]*")?/g, "")
      .replace("<svg ", `<svg role="img" aria-label="${escape(description)}" `),
  );
}

/** A number that a chart can draw, or null, which it leaves out. */
export function drawable(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
