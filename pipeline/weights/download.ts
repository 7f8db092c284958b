import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionPatience, ConnectionWatch } from "./connection_watch.ts";
import { get, network, TemporaryFailure } from "./http_get.ts";
import type { PartialDownload } from "./partial_download.ts";
import { type Output, Progress } from "../terminal/progress.ts";
import { UserError } from "../files/user_error.ts";

/** How patiently to download. */
export interface Patience extends ConnectionPatience {
  /** How often in a row a request may fail; one that brings `leastBytes` more than those before starts again. */
  readonly attempts: number;
  /** The wait before the second attempt, in milliseconds; it doubles with each. */
  readonly backoff: number;
}

export interface DownloadOptions {
  readonly url: string;
  /** What progress lines call it. */
  readonly name: string;
  readonly partial: PartialDownload;
  /** The most that the file may take, so that a broken server cannot fill the disk. */
  readonly maximumBytes: number;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly patience?: Patience;
}

/** At the least rate, 1.7 kB a second, the larger file takes 17 hours; a modem of the nineties was faster. */
const PATIENCE: Patience = { attempts: 6, backoff: 1000, stall: 30_000, leastBytes: 100_000, window: 60_000 };
const MEGABYTE = 1e6;

/** The statuses after which asking again is of use. */
const TEMPORARY_STATUSES = [408, 425, 429, 500, 502, 503, 504];

/**
 * Downloads a file, going on where an earlier request or an earlier process stopped. When the server has changed its
 * file meanwhile or ignores ranges, it starts again (RFC 9110, 13.1.5: `If-Range`).
 * @throws UserError when the server refuses for good, gives what is no file, or fails too often in a row; the signal's
 * reason when it is aborted. The bytes stay, to be continued.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, partial, signal, output, patience = PATIENCE } = options;
  let failures = 0;
  while (true) {
    const before = await partial.size();
    try {
      return await request(options, before, patience);
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof TemporaryFailure)) throw thrown;
      failures = await partial.size() - before >= patience.leastBytes ? 1 : failures + 1;
      if (failures >= patience.attempts) {
        throw new UserError(
          `Cannot download ${url}: ${thrown.message} (${failures} times in a row). Run the same command again to go ` +
            `on from where it stopped, or give --mirror URL or --from DIR`,
        );
      }
      const wait = patience.backoff * 2 ** (failures - 1);
      output.write(`  ${thrown.message}: trying again in ${wait / 1000} s\n`);
      await delay(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** One request, its body appended to the `before` bytes that are there. */
async function request(options: DownloadOptions, before: number, patience: Patience): Promise<void> {
  const { url, partial, signal, maximumBytes } = options;
  using watch = new ConnectionWatch(patience);
  const tag = before > 0 ? await partial.tag() : undefined;
  const response = await get(url, {
    signal: AbortSignal.any([signal, watch.signal]),
    headers: { "Accept-Encoding": "identity", ...(tag && { "Range": `bytes=${before}-`, "If-Range": tag }) },
  });
  if (isComplete(response, before)) return await response.body?.cancel();
  const start = await startOf(response, before, options);
  if (start === 0) await partial.keepTag(response.headers.get("ETag"));
  const total = totalBytes(response);
  const size = total !== undefined && total > maximumBytes
    ? await tooLarge(response, options)
    : await append(response, start, total, options, watch);
  if (total !== undefined && size !== total) {
    throw new TemporaryFailure(`the connection ended after ${size} of ${total} bytes`);
  }
}

/** Whether the server says that nothing follows: all bytes came before, but the process ended before it used them. */
function isComplete({ status, headers }: Response, before: number): boolean {
  return status === 416 && before > 0 && headers.get("Content-Range") === `bytes */${before}`;
}

/** Where in the file the response's body begins: at 0, or after the bytes that are there. */
async function startOf(response: Response, before: number, { url, partial }: DownloadOptions): Promise<number> {
  const { status, headers } = response;
  const isPage = /^text\/html\b/i.test(headers.get("Content-Type") ?? "");
  if (status === 200 && !isPage) return 0;
  if (status === 206 && headers.get("Content-Range")?.startsWith(`bytes ${before}-`)) return before;
  await response.body?.cancel();
  if (TEMPORARY_STATUSES.includes(status)) throw new TemporaryFailure(`the server answered ${status}`);
  if (status === 206 || status === 416) {
    await partial.clear();
    throw new TemporaryFailure("the server does not have the rest of the file that was begun");
  }
  const got = status === 200 ? "a web page (a login or a proxy's?)" : `status ${status}`;
  throw new UserError(`Cannot download ${url}: expected a file, got ${got}. Give --mirror URL or --from DIR`);
}

/** How long the whole file is, where the server says so. */
function totalBytes({ status, headers }: Response): number | undefined {
  const total = status === 206 ? headers.get("Content-Range")?.split("/")[1] : headers.get("Content-Length");
  return total && /^\d+$/.test(total) ? Number(total) : undefined;
}

/** What was to come is too much, and so what is there is of no use. */
async function tooLarge(response: Response, { url, partial, maximumBytes }: DownloadOptions): Promise<never> {
  await response.body?.cancel();
  await partial.clear();
  throw new UserError(
    `Cannot download ${url}: expected at most ${maximumBytes} bytes, got more. Give --mirror URL or --from DIR`,
  );
}

/** Writes the body from `start` on; the file's size afterwards. */
async function append(
  response: Response,
  start: number,
  total: number | undefined,
  options: DownloadOptions,
  watch: ConnectionWatch,
): Promise<number> {
  await options.partial.cutAt(start);
  const toCome = (total ?? options.maximumBytes) - start;
  const label = start === 0 ? options.name : `${options.name} from ${(start / MEGABYTE).toFixed(1)} MB on`;
  const progress = new Progress(label, Math.ceil(toCome / MEGABYTE), "MB", options.output);
  let size = start;
  try {
    const reader = response.body?.getReader();
    while (reader !== undefined) {
      const { done, value } = await network(reader.read());
      if (done) break;
      watch.brought(value.length);
      if (size + value.length > options.maximumBytes) {
        reader.releaseLock();
        await tooLarge(response, options);
      }
      await options.partial.write(value);
      progress.advance(Math.floor((size + value.length) / MEGABYTE) - Math.floor(size / MEGABYTE));
      size += value.length;
    }
    return size;
  } finally {
    progress.finish();
  }
}
