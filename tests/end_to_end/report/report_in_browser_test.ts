import { pathToFileURL } from "node:url";
import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { photoNames, run, writePhotos } from "../command_line.ts";
import { HOSTILE_NAMES, shownName } from "../browser/hostile_names.ts";

const WIDTHS = [390, 1440] as const;
const SCHEMES = ["light", "dark"] as const;

/** Runs the pipeline over photos to predict and photos that cannot be read, all with such names. */
async function reportOf(folder: string): Promise<string> {
  const photos = join(folder, "photos");
  await writePhotos(photos, photoNames(12));
  await writePhotos(join(folder, "test"), HOSTILE_NAMES.map((name) => `dog ${name}`));
  for (const name of HOSTILE_NAMES) await Deno.writeTextFile(join(photos, `cat ${name}`), "no picture");
  const words = ["pipeline", "--data", "photos", "--test", "test", "--out", "run", "--weights", "mini"];
  const { code, stderr } = await run([...words, "--backend", "onnx"], folder);
  assertEquals(code, 0, stderr);
  return join(folder, "run/report/report.html");
}

/** Opens the report in a window of a size and a colour scheme, and tells what it asked for besides itself. */
async function opened(
  browser: Browser,
  report: string,
  window: { width: number; scheme: "light" | "dark" },
  look: (page: Page) => Promise<void>,
): Promise<string[]> {
  const context = await browser.newContext({
    viewport: { width: window.width, height: 900 },
    colorScheme: window.scheme,
  });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", (dialog) => asked.push(`a dialog: ${dialog.message()}`));
  await page.goto(pathToFileURL(report).href);
  await look(page);
  await context.close();
  return asked.filter((address) => address !== pathToFileURL(report).href && !address.startsWith("data:"));
}

Deno.test({
  name: "the report in a browser: hostile names run nothing, ask for nothing and are shown; it never scrolls sideways" +
    noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      const report = await reportOf(folder);
      await inBrowser(async (browser) => {
        for (const width of WIDTHS) {
          for (const scheme of SCHEMES) {
            const asked = await opened(browser, report, { width, scheme }, async (page) => {
              await page.locator("details").evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
              const title = await page.title();
              assertStringIncludes(title, "run");
              assertEquals(await page.locator("script, iframe, object, embed, svg[onload], img[onerror]").count(), 0);
              const text = await page.locator("body").innerText();
              for (const name of HOSTILE_NAMES) assertStringIncludes(text, shownName(name));
              await page.mouse.move(width / 2, 300);
              assertEquals(await page.title(), title);
              const sideways = await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth",
              );
              assertEquals(sideways, 0, `at ${width} pixels, ${scheme}, the page scrolls sideways`);
              // To be looked at, where somebody asks for them.
              const pictures = Deno.env.get("REPORT_PICTURES");
              if (pictures) await page.screenshot({ path: join(pictures, `${width}-${scheme}.png`), fullPage: true });
            });
            assertEquals(asked, []);
          }
        }
      });
    }),
});
