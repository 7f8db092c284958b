import type { Browser, BrowserContext, Page } from "playwright-core";
import { command } from "../command_line.ts";

/** A studio that is running, as a user has started it. */
export interface StudioProcess {
  /** What it printed to be opened. */
  readonly address: string;
  /** Without the token. */
  readonly origin: string;
  readonly process: Deno.ChildProcess;
  /** What it wrote to standard error, when it has ended. */
  readonly said: Promise<string>;
}

/** Starts a studio in a folder, and ends it as Ctrl-C does when the work is done. */
export async function withStudio(
  folder: string,
  words: readonly string[],
  work: (studio: StudioProcess) => Promise<void>,
): Promise<void> {
  const studio = await openStudio(folder, words);
  try {
    await work(studio);
  } finally {
    end(studio, "SIGINT");
    await studio.process.status;
  }
}

/** Starts a studio, to be ended by whoever asked for it. */
export async function openStudio(folder: string, words: readonly string[]): Promise<StudioProcess> {
  const process = command(["studio", ...words], folder).spawn();
  const said = new Response(process.stderr).text();
  const address = await printedAddress(process.stdout);
  if (address === undefined) throw new Error(`Cannot open a studio: ${await said}`);
  return { address, origin: new URL(address).origin, process, said };
}

/** Sends a signal to a studio that may have ended by itself. */
export function end({ process }: StudioProcess, signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(signal);
  } catch {
    // It has ended.
  }
}

async function printedAddress(stdout: ReadableStream<Uint8Array>): Promise<string | undefined> {
  let text = "";
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  // What is printed later must not fill the pipe.
  reader.read().catch(() => {});
  return /http:\S+/.exec(text)?.[0];
}

/** How a window is opened. */
export interface WindowOptions {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** A window on a studio, with what went wrong in it. */
export interface StudioWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, of the policy, and dialogs; and addresses outside that were asked for. */
  readonly wrong: string[];
}

/** What is not there by then will not come. */
const WAIT_MILLISECONDS = 60_000;

/** Opens a window by the printed address, as a user does. */
export async function openWindow(
  browser: Browser,
  { address, origin }: Pick<StudioProcess, "address" | "origin">,
  { width = 1440, scheme = "light" }: WindowOptions = {},
): Promise<StudioWindow> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MILLISECONDS);
  const wrong: string[] = [];
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("console", (message) => {
    // That a picture or a piece is not there is an answer like others.
    if (message.type() === "error" && !message.text().includes("404")) wrong.push(message.text());
  });
  page.on("dialog", (dialog) => wrong.push(`a dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) wrong.push(request.url());
  });
  await page.goto(address);
  await page.waitForURL(`${origin}/`);
  return { context, page, wrong };
}
