import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { ReviewFile } from "../../../pipeline/review/file/review.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { runWell } from "../command_line.ts";
import { openWindow, withStudio } from "./studio_process.ts";

const RUN_MILLISECONDS = 240_000;
const OUT = "runs/sample";

async function reviewIn(folder: string) {
  return ReviewFile.parse(JSON.parse(await Deno.readTextFile(join(folder, OUT, "review.json"))));
}

/** The photo that is looked at. */
const idOf = async (page: Page) => await page.locator(".card").getAttribute("data-id") ?? "";

/** Presses a key, and waits until another photo is shown. */
async function press(page: Page, key: string): Promise<string> {
  const before = await idOf(page);
  await page.keyboard.press(key);
  await page.locator(`.card:not([data-id=${JSON.stringify(before)}])`).waitFor();
  return await idOf(page);
}

Deno.test({
  name:
    "a whole story in a browser: start the run, watch it end, review by keys, apply, and run it again on the command " +
    `line${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await withStudio(folder, [], (studio) =>
        inBrowser(async (browser) => {
          const { page, wrong } = await openWindow(browser, studio);
          await page.getByRole("button", { name: "Start" }).click();
          await page.getByRole("button", { name: "Stop" }).waitFor();
          const review = page.getByRole("link", { name: "Review the photos in doubt" });
          await review.waitFor({ timeout: RUN_MILLISECONDS });
          assertEquals(await page.locator(".stage-line .state").allInnerTexts(), Array(10).fill("done"));
          const report = await page.request.get(`${studio.origin}/report`);
          assertStringIncludes(await report.text(), "Cats and dogs, finished");

          await review.click();
          // They come by a script, which then hears keys as well.
          await page.locator(".nearest").waitFor();
          const [, undecided, all] = /undecided (\d+) of (\d+)/.exec(await page.locator("#review-count").innerText()) ??
            [];
          assertEquals(undecided, all);
          assert(Number(all) >= 15, `expected at least the outliers in the queue, got ${all}`);

          const relabelled = await idOf(page);
          const label = relabelled.startsWith("cat") ? "dog" : "cat";
          const dropped = await press(page, label === "dog" ? "g" : "c");
          const kept = await press(page, "d");
          const undone = await press(page, "k");
          await press(page, "d");
          assertEquals((await reviewIn(folder)).drop, [dropped, undone]);
          assertEquals(await press(page, "u"), undone);
          const { keep, drop, relabel } = await reviewIn(folder);
          assertEquals({ keep, drop, relabel }, { keep: [kept], drop: [dropped], relabel: { [relabelled]: label } });
          assertMatch(
            await page.locator("#review-count").innerText(),
            new RegExp(`undecided ${Number(all) - 3} of ${all}`),
          );

          await page.getByRole("button", { name: "Apply your decisions" }).click();
          const changes = page.getByRole("heading", { name: "What your decisions changed" });
          await changes.waitFor({ timeout: RUN_MILLISECONDS });
          const rows = await page.locator(".applied tbody tr").allInnerTexts();
          assertMatch(rows.join("\n"), /log loss\s+0\.\d{4}\s+0\.\d{4} to 0\.\d{4}\s+0\.\d{4}/);
          assertStringIncludes(await page.locator(".applied").innerText(), "In the submission ");
          assertEquals(wrong, []);
        }));
      const again = await runWell("pipeline", folder);
      assertStringIncludes(again.stderr, "nothing to do, all 10 stages are up to date");
      assertMatch(again.stdout, /dropped {5}1 by you, /);
    }),
});
