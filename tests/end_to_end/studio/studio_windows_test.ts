import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { ReviewFile } from "../../../pipeline/review/file/review.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { run, runWell } from "../command_line.ts";
import { drawSmall, overSmall, runSmall } from "../small_run.ts";
import { end, openStudio, openWindow, withStudio } from "./studio_process.ts";

const STUDIO = ["--run", "run"];
/** What a page has not heard by then it will not hear. */
const UNHEARD_MILLISECONDS = 2000;

async function decisionsIn(folder: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(folder, "run/review.json"));
  const { keep = [], drop = [], relabel = {} } = ReviewFile.parse(JSON.parse(text));
  return [...keep, ...drop, ...Object.keys(relabel)].sort();
}

/** Presses a key; a browser may never say that it heard one that met a page on its way out. */
async function press(page: Page, key: string): Promise<void> {
  const { promise: unheard, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, UNHEARD_MILLISECONDS);
  await Promise.race([page.keyboard.press(key).catch(() => {}), unheard]);
  clearTimeout(timer);
}

/** Decides on the photos from a place of the queue on, one after another, and tells which they were. */
async function decide(page: Page, key: string, from: number, count: number): Promise<string[]> {
  await page.goto(new URL(`/review?at=${from}`, page.url()).href);
  // They come by a script, which then hears keys as well.
  await page.locator(".nearest").waitFor();
  const ids: string[] = [];
  for (let k = 0; k < count; k++) {
    const id = await page.locator(".card").getAttribute("data-id") ?? "";
    ids.push(id);
    await press(page, key);
    await page.locator(`.card:not([data-id=${JSON.stringify(id)}])`).waitFor();
  }
  return ids;
}

Deno.test({
  name: `two windows and a hand in the file lose none of each other's words${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await runSmall(folder);
      await withStudio(folder, STUDIO, (one) =>
        withStudio(folder, STUDIO, (other) =>
          inBrowser(async (browser) => {
            // Two programs, and a person with an editor.
            const [first, second] = [await openWindow(browser, one), await openWindow(browser, other)];
            const byHand = "cat.0.jpg";
            const review = join(folder, "run/review.json");
            const [kept, dropped] = await Promise.all([
              decide(first.page, "k", 0, 2),
              decide(second.page, "d", 4, 2),
            ]);
            const said = ReviewFile.parse(JSON.parse(await Deno.readTextFile(review)));
            const keep = [...new Set([...said.keep ?? [], byHand])];
            await Deno.writeTextFile(review, JSON.stringify({ ...said, keep }));
            const more = await decide(first.page, "k", 0, 1);
            assertEquals(await decisionsIn(folder), [...new Set([...kept, ...dropped, ...more, byHand])].sort());
            assertEquals([...first.wrong, ...second.wrong], []);
          })));
    }),
});

Deno.test({
  name: `a studio that is killed while one decides leaves a review that can be followed, and its undo${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await runSmall(folder);
      await inBrowser(async (browser) => {
        const studio = await openStudio(folder, STUDIO);
        const { page } = await openWindow(browser, studio);
        const [first] = await decide(page, "d", 0, 1);
        // Keys are still on their way when it dies.
        for (let k = 0; k < 5; k++) await press(page, "k");
        end(studio, "SIGKILL");
        await studio.process.status;
        await press(page, "k");
        await page.getByText("The studio no longer answers").waitFor();
        const decided = await decisionsIn(folder);
        assert(decided.includes(first));

        await withStudio(folder, STUDIO, async (next) => {
          const window = await openWindow(browser, next);
          await window.page.goto(`${next.origin}/review`);
          await window.page.locator(".nearest").waitFor();
          // What was noted when it died, and not written yet, is said by now.
          const count = await window.page.locator("#review-count").innerText();
          const [undecided, all] = (/undecided (\d+) of (\d+)/.exec(count) ?? []).slice(1).map(Number);
          assert(all - undecided >= decided.length);
          for (let left = all - undecided; left > 0; left--) {
            await press(window.page, "u");
            await window.page.getByText(`undecided ${all - left + 1} of ${all}`).waitFor();
            await window.page.locator(".nearest").waitFor();
          }
          assertEquals(await decisionsIn(folder), []);
        });
      });
      const { code, stderr } = await run(["pipeline", "--out", "run"], folder);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, "nothing to do");
    }),
});

Deno.test({
  name: `a run of another program is watched and not disturbed${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      await withStudio(folder, STUDIO, (studio) =>
        inBrowser(async (browser) => {
          const { page, wrong } = await openWindow(browser, studio);
          const elsewhere = runWell(overSmall("pipeline"), folder);
          await page.getByText("Another program is at work on this run").waitFor({ timeout: 120_000 });
          assertEquals(await page.getByRole("button").count(), 0);
          await elsewhere;
          await page.getByText("All stages are up to date").waitFor({ timeout: 30_000 });
          assertEquals(wrong, []);
        }));
    }),
});
