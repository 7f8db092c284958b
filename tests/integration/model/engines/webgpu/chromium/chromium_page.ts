import { fromFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { inBrowser } from "../../../../../end_to_end/browser/browser.ts";
import type { NetworkJob, PlainTensors, StepJob } from "./network_job.ts";

/** Chromium's WebGPU (Dawn, and Tint for shaders) on its own software driver, wherever it runs. */
const SWIFTSHADER = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
/** A software driver compiles a network's shaders for a minute or more. */
const WAIT_MILLISECONDS = 240_000;

/** A page that computes networks and trains. */
export interface ChromiumPage {
  /** Its adapter's name. */
  readonly adapter: string;
  compute(job: NetworkJob): Promise<PlainTensors>;
  /** The state after one step of training. */
  step(job: StepJob): Promise<PlainTensors>;
}

/** Opens a page of a server of its own that holds the program for the browser, and closes both after the work. */
export async function inChromiumPage(work: (page: ChromiumPage) => Promise<void>): Promise<void> {
  const program = await browserProgram();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) =>
      new URL(url).pathname === "/program.js"
        ? new Response(program, { headers: { "content-type": "text/javascript" } })
        : new Response("<!doctype html><title>networks</title>", { headers: { "content-type": "text/html" } }),
  );
  try {
    await inBrowser(async (browser) => {
      const page = await browser.newPage();
      page.setDefaultTimeout(WAIT_MILLISECONDS);
      await page.goto(`http://127.0.0.1:${server.addr.port}/`);
      await page.addScriptTag({ url: "/program.js", type: "module" });
      await work({
        adapter: await call<string>(page, "adapterName"),
        compute: (job) => call<PlainTensors>(page, "computeNetwork", job),
        step: (job) => call<PlainTensors>(page, "takeStep", job),
      });
    }, SWIFTSHADER);
  } finally {
    await server.shutdown();
  }
}

/** Calls a function of the program; what it throws comes back with its message. */
function call<Result>(page: Page, name: string, argument?: NetworkJob | StepJob): Promise<Result> {
  return page.evaluate(
    ([name, argument]) => Reflect.apply(Reflect.get(globalThis, name), undefined, [argument]),
    [name, argument] as const,
  );
}

/** The browser's program and all that it imports, as one script. */
async function browserProgram(): Promise<string> {
  const entry = fromFileUrl(new URL("browser_program.ts", import.meta.url));
  const args = ["bundle", "--quiet", "--no-check", "--platform", "browser", entry];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
