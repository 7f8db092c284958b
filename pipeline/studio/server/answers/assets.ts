import { stripTypeScriptTypes } from "node:module";
import narrowStyle from "../../../report/narrow.css" with { type: "text" };
import reportStyle from "../../../report/report.css" with { type: "text" };
import gridStyle from "../../pages/grids.css" with { type: "text" };
import reviewStyle from "../../pages/review.css" with { type: "text" };
import studioStyle from "../../pages/studio.css" with { type: "text" };

/** A file that pages load. */
export interface Asset {
  readonly type: string;
  readonly content: string;
}

/** The browser's modules; no other file of that folder is served. */
const MODULES = [
  "answer",
  "duplicates",
  "loading",
  "look",
  "looking",
  "page",
  "predictions",
  "review",
  "studio",
  "take_pictures",
  "try",
] as const;

/** All that pages look like. */
export const STYLE = [reportStyle, narrowStyle, studioStyle, gridStyle, reviewStyle].join("\n");

export const ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="5.5" cy="8" r="5" fill="#0072b2"/>` +
  `<circle cx="10.5" cy="8" r="5" fill="#d55e00" fill-opacity=".85"/></svg>`;

/** All that pages load besides photos, by name; the browser's modules without their types, and otherwise as they are. */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const modules = MODULES.map(async (name): Promise<[string, Asset]> => {
    const source = await Deno.readTextFile(new URL(`../../client/${name}.ts`, import.meta.url));
    return [`${name}.ts`, { type: "text/javascript; charset=utf-8", content: stripTypeScriptTypes(source) }];
  });
  return new Map([
    ...await Promise.all(modules),
    ["studio.css", { type: "text/css; charset=utf-8", content: STYLE }],
    ["icon.svg", { type: "image/svg+xml", content: ICON }],
  ]);
}
