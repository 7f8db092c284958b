import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { runWell } from "../command_line.ts";
import { drawSmall } from "../small_run.ts";
import { openWindow, withStudio } from "./studio_process.ts";

const WORDS = "--run run --data photos --recipe writeup --backend onnx --weights mini";
const RUN_MILLISECONDS = 240_000;

Deno.test({
  name:
    `a run that is started on the page shows its epochs, goes on when the page is closed, stops and goes on${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      await withStudio(folder, WORDS.split(" "), (studio) =>
        inBrowser(async (browser) => {
          const first = await openWindow(browser, studio);
          assertStringIncludes(await first.page.locator(".from").innerText(), "photos");
          await first.page.getByRole("button", { name: "Start" }).click();
          await first.page.getByRole("button", { name: "Stop" }).waitFor();
          await first.context.close();

          const { page, wrong } = await openWindow(browser, studio);
          await page.locator("#run-curves svg").waitFor({ timeout: RUN_MILLISECONDS });
          await page.getByRole("button", { name: "Stop" }).click();
          await page.getByRole("button", { name: "Go on" }).waitFor();
          assertStringIncludes(await page.locator("main").innerText(), "Finished work is kept");
          assertEquals(await page.locator(".stage-line li.up-to-date strong").first().innerText(), "scan");
          await page.getByRole("button", { name: "Go on" }).click();
          await page.getByText("All stages are up to date").waitFor({ timeout: RUN_MILLISECONDS });
          assertEquals(wrong, []);
        }));
      const { stderr } = await runWell("pipeline --out run", folder);
      assertStringIncludes(stderr, "nothing to do");
    }),
});
