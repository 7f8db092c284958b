import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { photoNames, run, writePhotos } from "../command_line.ts";
import { HOSTILE_NAMES, shownName } from "../browser/hostile_names.ts";
import { cut, violations } from "../browser/reads_well.ts";
import { runSmall } from "../small_run.ts";
import { openWindow, type StudioProcess, withStudio } from "./studio_process.ts";

const PAGES = ["/", "/review", "/review?view=grid", "/duplicates", "/predictions", "/try", "/compare"];
const STUDIO = ["--run", "run"];

/** Waits until nothing more comes onto a page. */
async function settled(page: Page): Promise<void> {
  // The stream of events stays open, so that the network is never idle; and the policy lets nothing be evaluated later.
  const isSettled = `[...document.images].every(({ complete, loading }) => complete || loading === "lazy") &&
    !document.querySelector("[data-load]")`;
  for (let tries = 0; tries < 100 && !await page.evaluate(isSettled); tries++) await page.waitForTimeout(100);
  await page.waitForTimeout(300);
}

/** To be looked at, where somebody asks for them. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("STUDIO_PICTURES");
  if (folder) await page.screenshot({ path: join(folder, `${name.replace(/\W+/g, "_")}.png`), fullPage: true });
}

async function forEachPage(
  studio: StudioProcess,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  await inBrowser(async (browser) => {
    for (const width of [390, 1440]) {
      for (const scheme of ["light", "dark"] as const) {
        const { page, context, wrong } = await openWindow(browser, studio, { width, scheme });
        for (const path of PAGES) {
          await page.goto(`${studio.origin}${path}`);
          await settled(page);
          await look(page, `${path} ${width} ${scheme}`);
        }
        assertEquals(wrong, []);
        await context.close();
      }
    }
  });
}

Deno.test({
  name: `every page of the studio: axe finds nothing, nothing is cut off, on a telephone and a desktop${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await runSmall(folder);
      const found: string[] = [];
      await withStudio(folder, STUDIO, (studio) =>
        forEachPage(studio, async (page, name) => {
          await keepPicture(page, name);
          found.push(...[...await violations(page), ...await cut(page)].map((problem) => `${name}: ${problem}`));
        }));
      assertEquals(found, []);
    }),
});

Deno.test({
  name: `photos with hostile names do nothing in the studio, and are shown and decided on${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      const photos = join(folder, "photos");
      await writePhotos(photos, photoNames(12));
      await writePhotos(photos, HOSTILE_NAMES.map((name) => `cat ${name}`));
      await writePhotos(join(folder, "test"), HOSTILE_NAMES.map((name) => `dog ${name}`));
      const words = ["pipeline", "--data", "photos", "--test", "test", "--out", "run", "--weights", "mini"];
      const { code, stderr } = await run([...words, "--backend", "onnx"], folder);
      assertEquals(code, 0, stderr);
      const drop = HOSTILE_NAMES.map((name) => `cat ${name}`);
      await Deno.writeTextFile(join(folder, "run/review.json"), JSON.stringify({ drop }));
      await withStudio(folder, STUDIO, (studio) =>
        forEachPage(studio, async (page, name) => {
          const foreign =
            "script:not([src^='/assets/']), iframe, object, embed, svg[onload], img[onerror], [onmouseover]";
          assertEquals(await page.locator(foreign).count(), 0, name);
          if (!name.startsWith("/predictions") && !name.startsWith("/review?view=grid")) return;
          const text = await page.locator("main").textContent() ?? "";
          const set = name.startsWith("/predictions") ? "dog" : "cat";
          for (const hostile of HOSTILE_NAMES) assertStringIncludes(text, `${set} ${shownName(hostile)}`, name);
          const sizes = await page.locator(".photos img").evaluateAll((all) => all.length);
          assertEquals(sizes >= HOSTILE_NAMES.length, true, name);
        }));
    }),
});
