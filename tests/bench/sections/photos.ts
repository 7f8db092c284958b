import { batchTransform } from "../../../data/picture/batches/batch_transform.ts";
import { photoSizes } from "../../../pipeline/features/extract/extracted_batches.ts";
import { normalisedBatches } from "../../integration/data/picture/normalised_batches.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { ratesOf, timed, timeInTurns } from "../timing/measure.ts";
import { Milliseconds } from "../peers/torch.ts";
import { type BenchRow, comparison, failedRow, PYTORCH } from "../page/row.ts";

const PHOTOS = 256;
const QUICK_PHOTOS = 16;
const BATCH = 16;

/** Pixels resized by libvips and by Pillow differ by rounding where a photo shrinks, and by more where it grows. */
const RESIZE_TOLERANCE = 0.1;

/**
 * Decode and resize for both backbones: this project's way, which leaves the rest to the engine, and Pillow's in
 * PyTorch's data loader, which normalises as well.
 */
export async function photoRows({ settings, photos, backbones, torch, say }: BenchContext): Promise<BenchRow[]> {
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  const { paths } = firstPhotos(photos, count);
  say(`decoding ${count} photos`);
  const transforms = backbones.map(({ description: { inputSize, mean, std } }) => ({ inputSize, mean, std }));
  const sizes = photoSizes(backbones);
  const work = `decode and transform, ${count} photos, both sizes`;
  const toRead = paths.map((path) => ({ read: () => Deno.readFile(path) }));
  const question = { do: "read photos", paths, preprocessing: transforms, batch: BATCH };
  const own = {
    run: () =>
      timed(async () => {
        for await (const _ of batchTransform(toRead, { sizes, batchSize: BATCH }));
      }),
  };
  const peer = torch && { run: async () => (await torch.process.ask(question, Milliseconds)).ms };
  const first = await normalisedBatches(toRead.slice(0, BATCH), transforms);
  let compared: Pick<BenchRow, "checked" | "failed"> = { checked: "" };
  if (torch) {
    const output = torch.place("photos");
    await torch.process.ask({ ...question, paths: paths.slice(0, BATCH), output }, Milliseconds);
    const read = await torch.receive(output);
    const errors = first.map(({ data }, k) => relativeError(read.tensor(`input${k}`).data, data));
    compared = comparison(Math.max(...errors), RESIZE_TOLERANCE, "libvips' pixels");
  }
  const times = await timeInTurns(peer ? [own, peer] : [own], settings.runs);
  const rowOf = (by: string, k: number, compared: Pick<BenchRow, "checked" | "failed">, note: string): BenchRow => {
    const spent = times[k];
    if (spent instanceof Error) return failedRow(work, by, "photos/s", spent);
    return { work, by, unit: "photos/s", value: ratesOf(count, spent), ...compared, note };
  };
  return [
    rowOf("sharp", 0, { checked: "the reference" }, photos.origin),
    ...torch ? [rowOf(PYTORCH, 1, compared, "Pillow, in worker processes of the data loader")] : [],
  ];
}
