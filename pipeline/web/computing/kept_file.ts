import type { PageFile } from "./page_classifier.ts";

/** The browser's cache in which large files are kept. */
const KEPT = "cat-or-dog";

/** Is told how many bytes of a file have come. */
export type Hear = (bytes: number, of: number) => void;

/**
 * A large file beside the page: from the browser's cache, or fetched and kept there, in the place of an earlier one of
 * its name. Browsers without a cache, and pages that did not come over a safe connection, fetch it each time.
 * @throws Error when it does not come whole.
 */
export async function keptFile(file: PageFile, base: string, hear: Hear): Promise<Uint8Array<ArrayBuffer>> {
  const address = new URL(`${file.name}?${file.hash.slice(0, 16)}`, base);
  const cache = "caches" in globalThis ? await caches.open(KEPT).catch(() => undefined) : undefined;
  const kept = await (await cache?.match(address.href))?.arrayBuffer();
  if (kept?.byteLength === file.bytes) {
    hear(file.bytes, file.bytes);
    return new Uint8Array(kept);
  }
  const bytes = await fetched(address, file, hear);
  for (const { url } of await cache?.keys() ?? []) {
    if (new URL(url).pathname === address.pathname) await cache?.delete(url);
  }
  // Where there is no room for it, the next visit fetches it again.
  await cache?.put(address.href, new Response(bytes)).catch(() => {});
  return bytes;
}

async function fetched(address: URL, file: PageFile, hear: Hear): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok || response.body === null) {
    throw new Error(`Cannot load ${file.name}: the server answered ${response.status}`);
  }
  const bytes = new Uint8Array(file.bytes);
  let at = 0;
  for (const reader = response.body.getReader();;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    if (at + value.length <= bytes.length) bytes.set(value, at);
    at += value.length;
    hear(Math.min(at, file.bytes), file.bytes);
  }
  if (at === file.bytes) return bytes;
  throw new Error(`Cannot load ${file.name}: expected ${file.bytes} bytes, got ${at}. Load the page again`);
}
