import { join } from "@std/path";
import { type Browser, chromium } from "playwright-core";

/** Where Debian puts it; another one is named in the environment. */
const PROGRAM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];
const START_MILLISECONDS = 60_000;

/** Why no test can open a browser here, for the test's name; `""` where one can. */
export const noBrowser = await Deno.stat(PROGRAM).then(
  ({ isFile }) => isFile ? "" : ` (ignored: ${PROGRAM} is no program)`,
  () => ` (ignored: no ${PROGRAM}; name a Chromium in CHROMIUM)`,
);

/**
 * Opens a browser without a window, with a profile of its own, and ends it when the work is done.
 * @param graphics flags for how it draws and computes; by default on the CPU alone, without WebGPU.
 */
export async function inBrowser(
  work: (browser: Browser) => Promise<void>,
  graphics: readonly string[] = ["--disable-gpu"],
): Promise<void> {
  const profile = await Deno.makeTempDir();
  const args = [...FLAGS, ...graphics, `--user-data-dir=${profile}`, "about:blank"];
  const process = new Deno.Command(PROGRAM, { args, stdout: "null", stderr: "null" }).spawn();
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await debuggingPort(profile)}`);
    try {
      await work(browser);
    } finally {
      await browser.close();
    }
  } finally {
    try {
      process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await process.status;
    await removeProfile(profile);
  }
}

/** The port that the browser says it listens at, in the first line of a file of its profile. */
async function debuggingPort(profile: string): Promise<number> {
  const deadline = Date.now() + START_MILLISECONDS;
  while (Date.now() < deadline) {
    const text = await Deno.readTextFile(join(profile, "DevToolsActivePort")).catch(() => "");
    if (text.includes("\n")) return Number(text.split("\n")[0]);
    await delay(50);
  }
  throw new Error(`Cannot open a browser: ${PROGRAM} did not start within ${START_MILLISECONDS / 1000} s`);
}

/** The browser's helpers write on for a moment after it has ended. */
async function removeProfile(profile: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const removed = await Deno.remove(profile, { recursive: true }).then(() => true, () => false);
    if (removed) return;
    await delay(100);
  }
}

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
