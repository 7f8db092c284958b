import { extname } from "node:path";
import { basename, join } from "@std/path";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { inBrowser, noBrowser } from "../browser/browser.ts";
import { cut, violations } from "../browser/reads_well.ts";
import { filesBelow, run, runWell } from "../command_line.ts";
import { runSmall } from "../small_run.ts";
import { writeAwkwardPhotos } from "./awkward_photos.ts";

/** A browser decodes and resizes by other code than the run. */
const MOST_APART = 0.01;

/** Chromium's WebGPU on its own software driver. */
const GRAPHICS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
/** There, compiling a network's shaders may take minutes. */
const WAIT_MILLISECONDS = Deno.env.has("PAGE_BY_WEBGPU") ? 600_000 : 60_000;

/** The types that any server of files gives; another one would keep a browser from running a module. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/**
 * By what the page is told to compute. On a software driver WebGPU's shaders take minutes to compile (the kernels are
 * tested in Chromium by themselves), so that this one is asked for: PAGE_BY_WEBGPU=1.
 */
const ENGINES = Deno.env.has("PAGE_BY_WEBGPU") ? ["wasm", "webgpu"] : ["wasm"];

/** Added to the page's worker: its adapter passes for hardware, and is lost with the first shader. */
const LOSES_GPU = `
for (const name of ["description", "vendor", "architecture", "device", "isFallbackAdapter"]) {
  Object.defineProperty(GPUAdapterInfo.prototype, name, { value: "" });
}
const compile = GPUDevice.prototype.createComputePipeline;
GPUDevice.prototype.createComputePipeline = function (shader) {
  this.destroy();
  return compile.call(this, shader);
};
`;

interface Served {
  readonly origin: string;
  /** What was asked for, in order. */
  readonly paths: readonly string[];
}

/** Serves a folder's files as they are, and nothing else. */
async function withServer(folder: string, work: (served: Served) => Promise<void>): Promise<void> {
  const paths: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async ({ url }) => {
    const path = new URL(url).pathname.replace(/\/$/, "/index.html");
    paths.push(path);
    const file = await Deno.readFile(join(folder, path)).catch(() => undefined);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    return new Response(file, { status: file ? 200 : 404, headers: { "content-type": type } });
  });
  try {
    await work({ origin: `http://127.0.0.1:${server.addr.port}`, paths });
  } finally {
    await server.shutdown();
  }
}

/** Opens the page, and waits for its classifier. */
async function open(context: BrowserContext, address: string, wrong: string[]): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MILLISECONDS);
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(blob|data):/.test(url) && !url.startsWith(new URL(address).origin)) wrong.push(`${url} was asked for`);
  });
  await page.goto(address);
  await page.waitForSelector("body[data-by]");
  return page;
}

/** P(dog) of photos by what the page says when they are chosen. */
async function seenBy(page: Page, photos: readonly string[]): Promise<number[]> {
  await page.setInputFiles("#pictures", [...photos]);
  await waitFor(page, `document.querySelectorAll("[data-seen]").length === ${photos.length}`);
  const seen = z.array(z.tuple([z.string(), z.number()])).parse(
    await page.evaluate(`[...document.querySelectorAll("[data-seen]")].map((card) =>
      [card.getAttribute("aria-label"), Number(card.getAttribute("data-p-dog"))])`),
  );
  const pDog = new Map(seen);
  return photos.map((path) => pDog.get(basename(path)) ?? NaN);
}

/** The page's policy lets nothing be evaluated later, so that it is asked again and again. */
async function waitFor(page: Page, condition: string): Promise<void> {
  const deadline = Date.now() + WAIT_MILLISECONDS;
  while (!await page.evaluate(condition)) {
    if (Date.now() > deadline) throw new Error(`Cannot wait any longer for ${condition}`);
    await page.waitForTimeout(100);
  }
}

/** P(dog) by `deno task predict`; of what cannot be read, nothing. */
async function predicted(photos: readonly string[], folder: string): Promise<Map<string, number>> {
  const { stdout } = await run(["predict", "--run", "run", "--json", ...photos], folder);
  const Row = z.object({ photo: z.string(), pDog: z.number().optional() });
  return new Map(
    z.array(Row).parse(JSON.parse(stdout)).flatMap(({ photo, pDog }) => pDog === undefined ? [] : [[photo, pDog]]),
  );
}

/** Fails unless P(dog) on the page is near what was predicted, and on its side. */
function assertSeen(seen: readonly number[], expected: ReadonlyMap<string, number>): void {
  for (const [k, [path, pDog]] of [...expected].entries()) {
    assertLessOrEqual(Math.abs(seen[k] - pDog), MOST_APART, `${path}: ${seen[k]}, not ${pDog}`);
    assertEquals(seen[k] > 0.5, pDog > 0.5, path);
  }
}

/** What a browser does that was told to keep nothing of a page. */
const KEEPS_NOTHING = `Object.defineProperty(globalThis, "localStorage", {
  get() { throw new DOMException("refused", "SecurityError"); },
});`;

/** Drops a file, and pastes it. */
const DROP_AND_PASTE = `{
  const files = new DataTransfer();
  files.items.add(new File(["no picture"], "letter.jpg"));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: files }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files }));
}`;

/** To be looked at, where somebody asks for them. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("PAGE_PICTURES");
  if (folder) await page.screenshot({ path: join(folder, `web_${name}.png`), fullPage: true });
}

Deno.test({
  name: `export --web writes a page that says what predict says, in the browser alone${noBrowser}`,
  ignore: noBrowser !== "",
  fn: (t) =>
    inFolder(async (folder) => {
      await runSmall(folder);
      // What an earlier export left goes, what is somebody's stays.
      await runWell("export --run run --web page", folder);
      await Deno.writeTextFile(join(folder, "page/theirs.html"), "theirs");
      const { stdout } = await runWell("export --run run --web page", folder);
      assertEquals(stdout, "page/index.html\n");
      assertEquals(await Deno.readTextFile(join(folder, "page/theirs.html")), "theirs");
      await Deno.writeTextFile(join(folder, "letter.jpg"), "no picture");
      const own = (await filesBelow(join(folder, "photos/train"))).filter((path) => path.endsWith(".jpg"));
      const awkward = await writeAwkwardPhotos(folder, (photo) => ({
        "small.webp": photo().resize(70, 61).webp(),
        "wide.jpg": photo().withIccProfile("p3").jpeg(),
      }));
      const expected = await predicted([...own.slice(0, 52), ...awkward], folder);
      const photos = [...expected.keys()];
      assert(photos.length >= 55, `expected 50 photos and the awkward ones, got ${photos.length}`);
      await withServer(join(folder, "page"), (served) =>
        inBrowser(async (browser) => {
          const wrong: string[] = [];
          const context = await browser.newContext();
          for (const by of ENGINES) {
            await t.step(`by ${by}, P(dog) is within ${MOST_APART} of predict's, and on its side`, async () => {
              const page = await open(context, `${served.origin}/?by=${by}`, wrong);
              assertEquals(await page.getAttribute("body", "data-by"), by);
              assertSeen(await seenBy(page, photos), expected);
              await page.setInputFiles("#pictures", join(folder, "letter.jpg"));
              await waitFor(page, `document.querySelector('[data-seen="not"]') !== null`);
              const words = await page.textContent('[data-seen="not"]');
              assertEquals(words?.trim(), "letter.jpg: this browser cannot read it as a picture");
              await (await open(context, `${served.origin}/?by=${by}`, wrong)).close();
              await page.close();
            });
          }
          await t.step("it opens on the browser's WebGPU", async () => {
            const page = await open(context, `${served.origin}/?by=webgpu`, wrong);
            assertEquals(await page.getAttribute("body", "data-by"), "webgpu");
            await page.close();
          });
          await t.step("a visitor whose adapter computes on the processor gets WebAssembly, unasked", async () => {
            const page = await open(context, served.origin, wrong);
            assertEquals(await page.getAttribute("body", "data-by"), "wasm");
            await page.close();
          });
          await t.step("a GPU that is lost with a picture under way is replaced by the processor", async () => {
            const worker = join(folder, "page/modules/pipeline/web/computing/classifier_worker.js");
            const text = await Deno.readTextFile(worker);
            await Deno.writeTextFile(worker, text + LOSES_GPU);
            const page = await open(context, served.origin, wrong);
            assertEquals(await page.getAttribute("body", "data-by"), "webgpu");
            const [[photo, pDog]] = expected;
            assertSeen(await seenBy(page, [photo]), new Map([[photo, pDog]]));
            assertEquals(await page.getAttribute("body", "data-by"), "wasm");
            await page.close();
            await Deno.writeTextFile(worker, text);
          });
          await t.step("drops and pastes are taken, and E hides the maps, also where nothing is kept", async () => {
            await context.addInitScript({ content: KEEPS_NOTHING });
            const page = await open(context, `${served.origin}/?by=wasm`, wrong);
            await page.evaluate(DROP_AND_PASTE);
            await waitFor(page, `document.querySelectorAll('[data-seen="not"]').length === 2`);
            await page.focus("#pictures");
            for (const isShown of [false, true]) {
              await page.keyboard.press("e");
              assertEquals(await page.getAttribute("[data-do=evidence]", "aria-pressed"), String(isShown));
              assertEquals(await page.evaluate(`!document.body.classList.contains("no-evidence")`), isShown);
            }
            await page.close();
          });
          await context.close();
          await t.step("axe finds nothing, nothing is cut off, on a telephone and a desktop", async () => {
            const found: string[] = [];
            for (const width of [390, 1440]) {
              const viewport = { width, height: 900 };
              const context = await browser.newContext({ viewport, hasTouch: width === 390, isMobile: width === 390 });
              const page = await open(context, `${served.origin}/?by=wasm`, wrong);
              await seenBy(page, photos.slice(-2));
              for (const colorScheme of ["light", "dark"] as const) {
                await page.emulateMedia({ colorScheme });
                await keepPicture(page, `${width}_${colorScheme}`);
                found.push(
                  ...[...await violations(page), ...await cut(page)].map((it) => `${width} ${colorScheme}: ${it}`),
                );
              }
              await context.close();
            }
            assertEquals(found, []);
          });
          assertEquals(wrong, []);
          const asked = served.paths.filter((path) => path === "/weights.safetensors");
          assertEquals(asked.length, 3, "once in each profile: after that they are kept");
        }, GRAPHICS));
    }),
});

// Its last part is a network, its backbones were tuned, and its map comes of covering parts.
Deno.test({
  name: `export --web of a run by the writeup recipe says what predict says${noBrowser}`,
  ignore: noBrowser !== "",
  fn: () =>
    inFolder(async (folder) => {
      await runSmall(folder, { recipe: "writeup" });
      await runWell("export --run run --web page", folder);
      const photos = ["cat.1.jpg", "dog.1.jpg"].map((id) => join(folder, "photos/train", id));
      const expected = await predicted(photos, folder);
      await withServer(join(folder, "page"), ({ origin }) =>
        inBrowser(async (browser) => {
          const wrong: string[] = [];
          const page = await open(await browser.newContext(), origin, wrong);
          assertSeen(await seenBy(page, [...expected.keys()]), expected);
          assertEquals(await page.locator('[data-seen="occlusion"]').count(), photos.length);
          assertEquals(wrong, []);
        }));
    }),
});
