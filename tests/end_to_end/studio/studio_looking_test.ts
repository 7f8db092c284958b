import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "@std/csv/parse";
import { ReviewFile } from "../../../pipeline/review/file/review.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { runWell } from "../command_line.ts";
import { runSmall } from "../small_run.ts";
import { openWindow, type StudioWindow, withStudio } from "./studio_process.ts";

const STUDIO = ["--run", "run"];

/** Opens a studio on a small run that has finished, in a window. */
async function inStudio(
  look: (window: StudioWindow & { readonly origin: string; readonly folder: string }) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    await runSmall(folder);
    await withStudio(folder, STUDIO, (studio) =>
      inBrowser(async (browser) => {
        const window = await openWindow(browser, studio);
        await look({ ...window, origin: studio.origin, folder });
        assertEquals(window.wrong, []);
      }));
  });
}

async function reviewIn(folder: string) {
  const { keep, drop, relabel } = ReviewFile.parse(
    JSON.parse(await Deno.readTextFile(join(folder, "run/review.json"))),
  );
  return { keep, drop, relabel };
}

Deno.test({
  name: "pictures are tried: what predict says of them, where it is seen, what is like them, and nothing on the disk" +
    noBrowser,
  ignore: noBrowser !== "",
  fn: () =>
    inStudio(async ({ page, origin, folder }) => {
      await page.goto(`${origin}/try`);
      const photo = join(folder, "photos/test/1.jpg");
      await Deno.writeTextFile(join(folder, "no <b>picture.jpg"), "no picture");
      const heic = fromFileUrl(new URL("../../integration/data/picture/heic/clear.heic", import.meta.url));
      await page.setInputFiles("#pictures", [photo, heic, join(folder, "no <b>picture.jpg")]);
      await page.locator(".tried", { hasText: "1.jpg" }).waitFor();
      await page.locator(".tried", { hasText: "clear.heic" }).getByText("P(dog)").waitFor();
      const refused = page.locator(".tried", { hasText: "no <b>picture.jpg" });
      assertStringIncludes(await refused.innerText(), "not a picture");

      const tried = page.locator(".tried", { hasText: "1.jpg" });
      const { stdout } = await runWell(`predict --run run --json ${photo}`, folder);
      const [{ pDog }] = JSON.parse(stdout);
      const shown = /P\(dog\) ([<>]?[\d.]+)/.exec(await tried.innerText())?.[1];
      assertEquals(shown, pDog < 0.001 ? "<0.001" : pDog > 0.999 ? ">0.999" : pDog.toFixed(3));
      assertEquals(await tried.locator(".thumbs li").count(), 12);
      for (const kind of ["picture", "evidence"]) {
        assertMatch(await tried.locator(`img.${kind}`).getAttribute("src") ?? "", /^data:image\/(jpeg|png);base64,/);
      }
    }),
});

Deno.test({
  name: `the review's filters apply as they are chosen, by mouse or keys, and go along to the other view${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inStudio(async ({ page, origin }) => {
      await page.goto(`${origin}/review`);
      const total = async () => Number(/of (\d+)/.exec(await page.locator("#review-count").innerText())?.[1]);
      const all = await total();
      assertEquals(await page.getByRole("button", { name: "Show", exact: true }).count(), 0);
      await page.getByLabel("Reason").selectOption("duplicates");
      await page.waitForURL(/reason=duplicates/);
      const duplicates = await total();
      assert(duplicates > 0 && duplicates < all, `${duplicates} of ${all}`);

      // The keyboard stays where it was, so that the next key chooses on.
      const focused = () => page.locator(":focus").getAttribute("name");
      await page.getByLabel("Class").focus();
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/label=cat/);
      assertEquals(await focused(), "label");
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/label=dog/);
      assertEquals(await focused(), "label");
      const dogs = await total();

      await page.getByRole("link", { name: "Many at once" }).click();
      await page.waitForURL(/view=grid/);
      assertEquals(await page.locator(".choosable input").count(), dogs);
      await page.getByLabel("Class").selectOption("");
      await page.waitForURL((url) => !url.searchParams.get("label"));
      assertEquals(await page.locator(".choosable input").count(), duplicates);
    }),
});

Deno.test({
  name: `many photos get one word at once, one of a group of duplicates is kept, and both are taken back${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inStudio(async ({ page, origin, folder }) => {
      await page.goto(`${origin}/review?view=grid`);
      const boxes = page.locator(".choosable input");
      const ids = await Promise.all([0, 2].map((k) => boxes.nth(k).getAttribute("value")));
      for (const k of [0, 2]) await boxes.nth(k).check();
      await page.getByText("2 chosen").waitFor();
      await page.keyboard.press("d");
      await page.getByText("2 photos: dropped").waitFor();
      assertEquals((await reviewIn(folder)).drop, ids);

      await page.goto(`${origin}/duplicates`);
      const group = page.locator(".group").first();
      const kept = await group.locator("[data-keep]").first().getAttribute("data-keep");
      const others = (await group.locator(".id").allInnerTexts()).filter((id) => id !== kept);
      await group.locator("[data-keep]").first().click();
      await page.getByText(`${kept} is kept`).waitFor();
      const { drop = [] } = await reviewIn(folder);
      assertEquals(drop.filter((id) => others.includes(id)).length, others.length);

      await page.keyboard.press("u");
      await page.getByText(`Taken back: ${others.length === 1 ? others[0] : `${others.length} photos`}`).waitFor();
      assertEquals((await reviewIn(folder)).drop, ids);
      await page.goto(`${origin}/review?view=grid`);
      await page.getByText("0 chosen").waitFor();
      await page.locator(".choosable").press("u");
      await page.getByText("Taken back: 2 photos").waitFor();
      assertEquals(await reviewIn(folder), { keep: [], drop: [], relabel: {} });
    }),
});

Deno.test({
  name:
    `predictions are filtered by drawing over the histogram, found by name, and enlarged; runs are compared${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inStudio(async ({ page, origin }) => {
      await page.goto(`${origin}/predictions`);
      const count = async () => Number(/^(\d+) of/.exec(await page.locator(".count").innerText())?.[1]);
      const all = await count();
      const chart = await page.locator("[data-brush]").boundingBox();
      assert(chart !== null);
      await page.mouse.move(chart.x + 0.02 * chart.width, chart.y + 20);
      await page.mouse.down();
      await page.mouse.move(chart.x + 0.48 * chart.width, chart.y + 20, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/from=0&to=0\.5/);
      const cats = await count();
      assert(cats > 0 && cats < all, `${cats} of ${all}`);

      await page.goto(`${origin}/predictions?search=1.jpg`);
      await page.locator("a[data-look]").first().click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("img.evidence").waitFor();
      assertMatch(await dialog.innerText(), /P\(dog\)\s+[<>]?[01]?\.?\d+/);
      await page.keyboard.press("Escape");

      await page.goto(`${origin}/compare`);
      assertStringIncludes(await page.locator("tbody").innerText(), "run");
      const csv = await page.request.get(`${origin}/compare.csv`);
      const [row] = parse(await csv.text(), { skipFirstRow: true });
      assertEquals([row.run, row.kind, row.weights, row.recipe], ["run", "run", "mini", "linear-probe"]);
      assert(Number(row["log loss, low"]) <= Number(row["log loss"]));
    }),
});
