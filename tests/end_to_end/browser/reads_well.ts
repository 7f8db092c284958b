import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";

/** WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Elements that reach over the right edge of the page, or hide what does not fit into them. */
export async function cut(page: Page): Promise<string[]> {
  const found = await page.evaluate(`[...document.querySelectorAll("body *:not(svg *)")].flatMap((element) => {
    const { right, width } = element.getBoundingClientRect();
    const over = width > 0 && right > document.documentElement.clientWidth + 1;
    const hidden = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    return over || hidden ? [element.outerHTML.slice(0, 120)] : [];
  })`);
  return z.array(z.string()).parse(found);
}

/** What axe finds against the page, with the elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`);
  const { violations } = z.object({
    violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
  }).parse(found);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" | ")}`);
}
