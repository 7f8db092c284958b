import { pathToFileURL } from "node:url";
import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { renderReport } from "../../../pipeline/report/render_report.ts";
import type { ReportData } from "../../../pipeline/report/report_data.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { emptyReport, fakeFits, fakeReport } from "../../unit/pipeline/report/fake_report.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { cut, violations } from "../browser/reads_well.ts";

/** A telephone, a tablet upright, a desktop. */
const WIDTHS = [390, 800, 1440] as const;
const SCHEMES = ["light", "dark"] as const;

/** What is left of A4 between its margins, in CSS pixels. */
const PAPER_WIDTH = 688;

/** Reports of every kind: trained in epochs, fitted at once with all lists long, and of nothing. */
function reports(): Record<string, ReportData> {
  const fitted = fakeReport({ outliers: 60, finetuneEpochs: 0 });
  const ids = (count: number) => Array.from({ length: count }, (_, k) => `holiday pictures/2024/cat.${k}.jpg`);
  return {
    epochs: fakeReport({ outliers: 3, finetuneEpochs: 12 }),
    fits: {
      ...fitted,
      learning: { by: "fits", fits: fakeFits() },
      photos: { ...fitted.photos, setAside: ids(150), dropped: [{ reason: "cannot be read", ids: ids(40) }] },
      warnings: ids(30).map((id) => `${id} cannot be read and is left out`),
    },
    nothing: emptyReport(),
  };
}

interface Look {
  readonly width: number;
  readonly scheme?: "light" | "dark";
  readonly media?: "screen" | "print";
}

/** Opens a page as it is looked at, and asks it something. */
async function asked<Answer>(
  browser: Browser,
  path: string,
  { width, scheme = "light", media = "screen" }: Look,
  ask: (page: Page) => Promise<Answer>,
): Promise<Answer> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  try {
    const page = await context.newPage();
    await page.emulateMedia({ media, colorScheme: scheme });
    await page.goto(pathToFileURL(path).href);
    return await ask(page);
  } finally {
    await context.close();
  }
}

/** Opens every list that is folded. */
async function unfold(page: Page): Promise<void> {
  await page.locator("details").evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
}

/** Opens every kind of report. */
async function forEachReport(look: (browser: Browser, path: string, name: string) => Promise<void>): Promise<void> {
  await inFolder((folder) =>
    inBrowser(async (browser) => {
      for (const [name, data] of Object.entries(reports())) {
        const path = join(folder, `${name}.html`);
        await Deno.writeTextFile(path, await renderReport(data));
        await look(browser, path, name);
      }
    })
  );
}

Deno.test({
  name: "a report in a browser: nothing is cut off or reaches over the edge, on a telephone or a desktop" + noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    forEachReport(async (browser, path, name) => {
      for (const width of WIDTHS) {
        const found = await asked(browser, path, { width }, async (page) => {
          await unfold(page);
          return await cut(page);
        });
        assertEquals(found, [], `${name} at ${width} pixels`);
      }
    }),
});

Deno.test({
  name: "a report on paper: nothing is cut off, no list stays folded, no row, picture or chart is broken, ink is dark" +
    noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    forEachReport(async (browser, path, name) => {
      await asked(browser, path, { width: PAPER_WIDTH, scheme: "dark", media: "print" }, async (page) => {
        assertEquals(await cut(page), [], name);
        const folded = await page.evaluate(
          `[...document.querySelectorAll("details > :not(summary)")].filter(({ clientHeight }) => clientHeight === 0).length`,
        );
        assertEquals(folded, 0, `${name}: lists that are not printed`);
        const broken = await page.evaluate(
          `[...document.querySelectorAll("tr, figure, .photos li")].filter((element) =>
            getComputedStyle(element).breakInside !== "avoid").length`,
        );
        assertEquals(broken, 0, `${name}: parts that may be broken between two pages`);
        const ink = await page.evaluate(`getComputedStyle(document.body).color`);
        assertEquals(ink, "rgb(0, 0, 0)", name);
      });
    }),
});

Deno.test({
  name: "a report in a browser: headings follow each other in order, a single one first" + noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    forEachReport(async (browser, path, name) => {
      const levels = await asked(browser, path, { width: 1440 }, async (page) => {
        const found = await page.evaluate(
          `[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ tagName }) => Number(tagName[1]))`,
        );
        return z.array(z.number()).parse(found);
      });
      assertEquals(levels.filter((level) => level === 1).length, 1, name);
      assertEquals(levels[0], 1, name);
      levels.slice(1).forEach((level, k) => assertEquals(level <= levels[k] + 1, true, `${name}: ${levels}`));
    }),
});

Deno.test({
  name: "a report in a browser: axe finds nothing against WCAG AA, in light and dark, on a telephone and a desktop" +
    noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    forEachReport(async (browser, path, name) => {
      for (const width of [390, 1440]) {
        for (const scheme of SCHEMES) {
          const found = await asked(browser, path, { width, scheme }, async (page) => {
            await unfold(page);
            return await violations(page);
          });
          assertEquals(found, [], `${name} at ${width} pixels, ${scheme}`);
        }
      }
    }),
});
