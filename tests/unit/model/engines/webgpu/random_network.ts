import fc from "fast-check";
import type { ActivationShape, Network, Pair, Row } from "../../../../../model/networks/layers.ts";
import { outputShape } from "../../../../../model/networks/network.ts";

/** Picks of a random number generator that are turned into a row that fits: every choice is a fraction of its range. */
type Picks = readonly number[];

const pick = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/**
 * Networks of up to six rows of every kind that read any values before them: odd channel counts, one-pixel maps, values
 * concatenated twice or out of other concatenations, residuals of concatenations.
 */
export function randomNetworks(): fc.Arbitrary<Network> {
  return fc.record({
    channels: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    picks: fc.array(fc.array(pick, { minLength: 9, maxLength: 9 }), { minLength: 1, maxLength: 6 }),
  }).map(({ picks, ...inputShape }) => networkFrom(inputShape, picks));
}

function networkFrom(inputShape: ActivationShape, picks: readonly Picks[]): Network {
  const shapes = new Map([["input", inputShape]]);
  const rows: Row[] = [];
  for (const [k, choices] of picks.entries()) {
    const row = rowFrom(`value${k}`, shapes, choices);
    const inputs = row.kind === "concatenate" ? row.inputs : [row.input];
    shapes.set(row.output, outputShape(row, inputs.map((name) => shapes.get(name) ?? inputShape)));
    rows.push(row);
  }
  const output = rows.at(-1)?.output ?? "input";
  return { architecture: "resnet50", input: "input", inputShape, rows, output, epsilon: 1e-3 };
}

function rowFrom(output: string, shapes: ReadonlyMap<string, ActivationShape>, picks: Picks): Row {
  const names = [...shapes.keys()];
  const choose = <T>(options: readonly T[], at: number) => options[Math.floor(picks[at] * options.length)];
  const input = choose(names, 1);
  const shape = shapes.get(input) ?? { channels: 1, height: 1, width: 1 };
  const alike = names.filter((name) => {
    const other = shapes.get(name);
    return other?.height === shape.height && other.width === shape.width;
  });
  const extent = (size: number, at: number) => 1 + Math.floor(picks[at] * Math.min(3, size));
  const kernel: Pair = [extent(shape.height, 2), extent(shape.width, 3)];
  const padding: Pair = [Math.floor(picks[4] * kernel[0]), Math.floor(picks[5] * kernel[1])];
  const window = { input, output, kernel, stride: [extent(2, 6), extent(2, 7)] as const, padding };
  switch (choose(["convolution", "residual", "max_pool", "average_pool", "concatenate", "pointwise"] as const, 0)) {
    case "convolution":
      return convolution({ ...window, inputChannels: shape.channels, outputChannels: 1 + Math.floor(picks[8] * 9) });
    case "residual": {
      const residual = choose(alike, 8);
      const outputChannels = shapes.get(residual)?.channels ?? 1;
      const pointwise = { input, output, kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
      return { ...convolution({ ...pointwise, inputChannels: shape.channels, outputChannels }), residual };
    }
    case "pointwise": {
      const pointwise = { input, output, kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
      return convolution({ ...pointwise, inputChannels: shape.channels, outputChannels: 1 });
    }
    case "max_pool":
      return { kind: "max_pool", ...window };
    case "average_pool": {
      const same = { kernel: [3, 3], stride: [1, 1], padding: [1, 1] } as const;
      return { kind: "average_pool", input, output, ...same, countPadding: picks[8] < 0.5 };
    }
    case "concatenate":
      return { kind: "concatenate", inputs: [input, choose(alike, 8), choose(alike, 7)], output };
  }
}

function convolution(
  row: Pick<Extract<Row, { kind: "convolution" }>, "input" | "output" | "kernel" | "stride" | "padding"> & {
    readonly inputChannels: number;
    readonly outputChannels: number;
  },
): Extract<Row, { kind: "convolution" }> {
  return { kind: "convolution", name: row.output, norm: `${row.output}_norm`, relu: false, ...row };
}
