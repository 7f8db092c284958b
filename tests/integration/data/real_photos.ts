const folder = new URL("../../../../shared/photos/", import.meta.url);

/** The path of a real photo, such as `train/cat.947.jpg`. */
export function realPhoto(name: string): URL {
  return new URL(name, folder);
}

/** Registers a test that needs the real photos; where they are not there, it is ignored and its name says why. */
export function testWithRealPhotos(name: string, run: () => Promise<void>): void {
  const missing = !exists(folder);
  Deno.test({ name: missing ? `${name} (ignored: no ../shared/photos)` : name, ignore: missing, fn: run });
}

function exists(path: URL): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
