/**
 * Writes bytes after the first `length` bytes of a file; what stood behind them goes: a killed program began it. The file
 * is made if `length` is 0.
 * @returns false, and writes nothing, when there is no file of so many bytes.
 */
export async function appendAfter(path: string, length: number, bytes: Uint8Array): Promise<boolean> {
  using file = await Deno.open(path, { write: true, create: length === 0 }).catch((thrown) => {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  });
  if (file === undefined || (await file.stat()).size < length) return false;
  await file.truncate(length);
  await file.seek(length, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.syncData();
  return true;
}
