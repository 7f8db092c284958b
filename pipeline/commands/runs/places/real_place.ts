import { basename, dirname, join, resolve } from "@std/path";

/** The real path, as far as there is anything: of a folder that is not there yet, that of the nearest one above it. */
export async function realPlace(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await Deno.realPath(whole);
  } catch (thrown) {
    if (dirname(whole) === whole || !(thrown instanceof Deno.errors.NotFound)) return whole;
    return join(await realPlace(dirname(whole)), basename(whole));
  }
}
