import { FUSED_BACKBONES } from "../../../model/networks/fused/fusion_net.ts";
import { multiplyAdds } from "../../../model/networks/network.ts";
import type { Tensor } from "../../../model/tensor.ts";
import type { Contestant, OpenNetwork } from "../contestants/contestant.ts";
import type { BenchContext } from "../context.ts";
import { fittingGolden, goldenPhotos } from "../contestants/golden_batches.ts";
import { ratesOf, type Timed, timeInTurns } from "../timing/measure.ts";
import type { GoldenForward } from "../../integration/model/engines/golden_forward.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchRow, comparison, failedRow } from "../page/row.ts";

/** Products of matrices of this many rows measure a device's peak. */
const PRODUCT_SIDE = 2048;
const QUICK_PRODUCT_SIDE = 256;
/** Enough of them that what goes there and back costs little beside. */
const PRODUCTS = { CPU: 4, "CPU, 8 bits": 4, GPU: 32 } as const;

/**
 * Each backbone and both one after the other, at each batch, on every contestant, and the products that measure the
 * peak of what they run on.
 */
export async function backboneRows(context: BenchContext): Promise<BenchRow[]> {
  const peaks = await productRows(context);
  const goldens = await Promise.all(context.backbones.map(fittingGolden));
  const rows = [...peaks];
  for (const batch of context.settings.batches) {
    context.say(`backbones at batch ${batch}`);
    rows.push(...await batchRows(context, goldens, batch, peakOf(peaks, context.contestants)));
  }
  return rows;
}

/** The highest rate of a product on each kind of device, by contestant, in GFLOP/s. */
function peakOf(rows: readonly BenchRow[], contestants: readonly Contestant[]): (contestant: Contestant) => number {
  return ({ on }) => {
    const onSame = new Set(contestants.filter((other) => other.on === on).map(({ name }) => name));
    return Math.max(0, ...rows.filter(({ by }) => onSame.has(by)).map(({ value }) => value?.median ?? 0));
  };
}

async function productRows({ settings, contestants, say }: BenchContext): Promise<BenchRow[]> {
  const side = settings.quick ? QUICK_PRODUCT_SIDE : PRODUCT_SIDE;
  say(`products of matrices of ${side} rows`);
  const work = `product of matrices, ${side} x ${side}`;
  const rows: BenchRow[] = [];
  for (const contestant of contestants) {
    const products = PRODUCTS[contestant.on];
    try {
      const opened = await contestant.openProducts(side, products);
      await opened.run();
      const [times] = await timeInTurns([opened], settings.runs);
      await opened.close();
      if (times instanceof Error) throw times;
      const value = ratesOf(products * 2 * side ** 3 / 1e9, times);
      const note = `${products} one after another: the peak is the best of a device`;
      rows.push({ work, by: contestant.name, unit: "GFLOP/s", value, checked: "-", note });
    } catch (error) {
      rows.push(failedRow(work, contestant.name, "GFLOP/s", error));
    }
  }
  return rows;
}

/** A contestant's networks, after their outputs were compared. */
interface Entry {
  readonly contestant: Contestant;
  readonly networks: readonly OpenNetwork[];
  readonly compared: readonly Pick<BenchRow, "checked" | "failed">[];
}

async function batchRows(
  context: BenchContext,
  goldens: readonly (GoldenForward | undefined)[],
  batch: number,
  peak: (contestant: Contestant) => number,
): Promise<BenchRow[]> {
  const { backbones, contestants, settings } = context;
  const names = FUSED_BACKBONES.map(({ architecture }) => architecture);
  const works = [...names, "both backbones"].map((name) => `${name}, batch ${batch}`);
  const operations = backbones.map(({ network }) => 2 * multiplyAdds(network) * batch / 1e9);
  const reference = new References(context, goldens, batch);
  const rows: BenchRow[] = [];
  const entries: Entry[] = [];
  try {
    for (const contestant of contestants) {
      try {
        entries.push(await openAndCompare(contestant, context, reference));
      } catch (error) {
        rows.push(...works.map((work) => failedRow(work, contestant.name, "photos/s", error)));
      }
    }
    // A run is both backbones in turn; their times are kept apart.
    const times: number[][][] = entries.map(() => names.map(() => []));
    const both = entries.map(({ networks }, entry): Timed => ({
      async run() {
        let sum = 0;
        for (const [k, network] of networks.entries()) {
          const time = await network.run();
          times[entry][k].push(time);
          sum += time;
        }
        return sum;
      },
    }));
    const sums = await timeInTurns(both, settings.runs);
    for (const [entry, { contestant, compared }] of entries.entries()) {
      const sum = sums[entry];
      for (const [k, work] of works.entries()) {
        if (sum instanceof Error) {
          rows.push(failedRow(work, contestant.name, "photos/s", sum));
          continue;
        }
        const milliseconds = k < names.length ? times[entry][k] : sum;
        const amount = k < names.length ? operations[k] : operations.reduce((a, b) => a + b);
        const gflops = ratesOf(amount, milliseconds).median;
        rows.push({
          work,
          by: contestant.name,
          unit: "photos/s",
          value: ratesOf(batch, milliseconds),
          gflops,
          share: gflops / peak(contestant),
          ...compared[k] ?? worst(compared),
        });
      }
    }
  } finally {
    for (const { networks } of entries) for (const network of networks) await network.close();
  }
  return works.flatMap((work) => rows.filter((row) => row.work === work));
}

async function openAndCompare(
  contestant: Contestant,
  { backbones }: BenchContext,
  references: References,
): Promise<Entry> {
  const networks: OpenNetwork[] = [];
  const compared: Pick<BenchRow, "checked" | "failed">[] = [];
  try {
    for (const [k, backbone] of backbones.entries()) {
      const network = await contestant.open(backbone);
      networks.push(network);
      await network.prepare(references.inputs[k]);
      const output = await network.output();
      const expected = references.expected(k, output, contestant.name);
      compared.push(comparison(relativeError(output, expected.output), contestant.tolerance, expected.from));
    }
  } catch (error) {
    for (const network of networks) await network.close();
    throw error;
  }
  return { contestant, networks, compared };
}

/** Both backbones are as wrong as the worse of them. */
function worst(compared: readonly Pick<BenchRow, "checked" | "failed">[]): Pick<BenchRow, "checked" | "failed"> {
  return compared.find(({ failed }) => failed) ?? { checked: "each as above" };
}

/** The photos of a batch for each backbone, and the features that every contestant has to give for them. */
class References {
  readonly #first: { output: Float32Array; from: string }[] = [];

  readonly inputs: readonly Tensor[];
  readonly #golden: readonly (Float32Array | undefined)[];

  constructor({ backbones }: BenchContext, goldens: readonly (GoldenForward | undefined)[], batch: number) {
    const batches = backbones.map((backbone, k) => goldenPhotos(goldens[k], backbone, batch));
    this.inputs = batches.map(({ input }) => input);
    this.#golden = batches.map(({ features }) => features);
  }

  /** What PyTorch computed once and for all, where that is known; else what the first contestant gives. */
  expected(k: number, output: Float32Array, by: string): { output: Float32Array; from: string } {
    const golden = this.#golden[k];
    if (golden) return { output: golden, from: "the golden output" };
    this.#first[k] ??= { output, from: by };
    return this.#first[k];
  }
}
