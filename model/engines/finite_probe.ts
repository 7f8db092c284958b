import type { Engine } from "./engine.ts";
import type { Network, Row } from "../networks/layers.ts";
import type { PixelBatch } from "../../data/base/pixel_batch.ts";
import { takingPixels } from "../networks/normalisation.ts";
import type { Tensor } from "../tensor.ts";
import type { Backbone } from "../weights/backbone.ts";

/** Where a network's values are no longer numbers to compute with. */
export interface NotFinite {
  /** The convolution, or the value that another row writes. */
  readonly layer: string;
  readonly value: number;
}

/**
 * The first layer whose values are infinite or no numbers for some photos, as an engine computes them. Every layer is
 * looked at, and before its ReLU, which makes a zero of what is no number.
 * @param photos of the network's own size
 */
export async function firstNotFinite(
  engine: Engine,
  { network, description, weights }: Backbone,
  photos: PixelBatch,
): Promise<NotFinite | undefined> {
  const watched = watchedNetwork(network);
  const named = new Map([...weights].flatMap(([name, tensor]) => [[name, tensor], [twin(name), tensor]] as const));
  const rows = watched.rows.filter((row) => row.kind !== "convolution" || !row.relu);
  const outputs = rows.map(({ output }) => output);
  const compiled = await engine.compile(takingPixels(watched, description), named, outputs);
  try {
    const values = await compiled.run(photos);
    for (const row of rows) {
      const value = notFiniteIn(values.get(row.output));
      if (value !== undefined) return { layer: row.output.replace(TWIN, ""), value };
    }
  } finally {
    await compiled.close();
  }
}

/** The first number of a tensor that is infinite or none. */
export function notFiniteIn(tensor: Tensor | undefined): number | undefined {
  const { data } = tensor ?? { data: [] };
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return data[index];
}

/** A photo of colours in waves, bright and dark, coarse and fine: it moves every kind of filter. */
export function syntheticPhoto(size: number): PixelBatch {
  const data = new Uint8Array(size * size * 3);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    const [y, x, colour] = [Math.floor(pixel / size), pixel % size, at % 3];
    data[at] = 127.5 + 127.5 * Math.sin((x * (1 + y / 16) + colour * 40) / 7) * Math.cos(y / (3 + colour));
  }
  return { shape: [1, size, size, 3], data };
}

const TWIN = "before the ReLU of ";

function twin(name: string): string {
  return TWIN + name;
}

/** The same network, in which each convolution with a ReLU has a twin without. */
function watchedNetwork(network: Network): Network {
  const rows = network.rows.flatMap((row): Row[] =>
    row.kind === "convolution" && row.relu
      ? [{ ...row, name: twin(row.name), norm: twin(row.norm), output: twin(row.output), relu: false }, row]
      : [row]
  );
  return { ...network, rows };
}
