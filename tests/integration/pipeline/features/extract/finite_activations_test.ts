import { entryOf } from "../../../../../data/base/entry_of.ts";
import { assertEquals, assertRejects } from "@std/assert";
import type { CompiledNetwork } from "../../../../../model/engines/engine.ts";
import { firstNotFinite, syntheticPhoto } from "../../../../../model/engines/finite_probe.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import { shapesOf } from "../../../../../model/networks/network.ts";
import type { PixelBatch } from "../../../../../data/base/pixel_batch.ts";
import { sizeOf, tensor } from "../../../../../model/tensor.ts";
import { chooseEngine } from "../../../../../model/engines/choose.ts";
import type { Backbone } from "../../../../../model/weights/backbone.ts";
import {
  assertFiniteBackbones,
  assertFiniteFeatures,
} from "../../../../../pipeline/features/extract/finite_activations.ts";
import { openBackbones } from "../../../../../pipeline/weights/open_backbones.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import { CompilingEngine } from "../../../model/engines/compiling_engine.ts";

const backbones = await openBackbones("mini");
const [RESNET, INCEPTION] = backbones;
const NO_CUT_POINTS = new Map();

/** An engine whose values are ones, but for one value of a network where a photo begins with a bright pixel. */
class FakeEngine extends CompilingEngine {
  readonly batchSize = 8;
  readonly compiled: Network[] = [];

  constructor(readonly bad: string, readonly value: number) {
    super();
  }

  compile(network: Network, _: unknown, outputs: readonly string[]): Promise<CompiledNetwork> {
    this.compiled.push(network);
    const shapes = shapesOf(network);
    const valueOf = (name: string, bright: boolean) => {
      const { channels, height, width } = entryOf(shapes, name, "a shape");
      const shape = [1, channels, height, width];
      const data = new Float32Array(sizeOf(shape)).fill(1);
      if (bright && name === this.bad) data[data.length - 1] = this.value;
      return tensor(shape, data);
    };
    return Promise.resolve({
      run: ({ data }) => Promise.resolve(new Map(outputs.map((name) => [name, valueOf(name, data[0] === 255)]))),
      close: () => Promise.resolve(),
    });
  }
}

function photo(size: number, first: number): PixelBatch {
  const data = new Uint8Array(size * size * 3);
  data[0] = first;
  return { shape: [1, size, size, 3], data };
}

function beside(photos: readonly PixelBatch[]): PixelBatch {
  const [, height, width] = photos[0].shape;
  return { shape: [photos.length, height, width, 3], data: Uint8Array.from(photos.flatMap(({ data }) => [...data])) };
}

/** The backbone with kernels of these values. */
function withKernels(backbone: Backbone, value: (name: string, index: number) => number | undefined): Backbone {
  const weights = new Map([...backbone.weights].map(([name, { shape, data }]) => [
    name,
    shape.length === 4 ? { shape, data: data.map((kept, index) => value(name, index) ?? kept) } : { shape, data },
  ]));
  return { ...backbone, weights };
}

Deno.test("firstNotFinite() looks at layers before the ReLU that hides what is no number", async () => {
  const bright = photo(RESNET.network.inputShape.height, 255);
  for (const value of [NaN, Infinity, -Infinity]) {
    const engine = new FakeEngine("before the ReLU of layer2.1.conv2", value);
    assertEquals(await firstNotFinite(engine, RESNET, bright), { layer: "layer2.1.conv2", value });
    const twins = engine.compiled[0].rows.filter((row) =>
      row.kind === "convolution" && row.output.startsWith("before")
    );
    assertEquals(twins.every((row) => row.kind === "convolution" && !row.relu), true);
  }
  const pool = new FakeEngine("stem", Infinity);
  assertEquals(await firstNotFinite(pool, RESNET, bright), { layer: "stem", value: Infinity });
  assertEquals(await firstNotFinite(new FakeEngine("none", NaN), RESNET, bright), undefined);
});

Deno.test("assertFiniteFeatures() names the photo and the layer", async () => {
  const inputs = backbones.map(({ network: { inputShape: { height } } }) =>
    beside([photo(height, 1), photo(height, 255), photo(height, 2)])
  );
  const engine = new FakeEngine("Mixed_6b", NaN);
  const names = ["cat.1.jpg", "dog.7.jpg", "cat.2.jpg"];
  const features = { shape: [3, 2], data: Float32Array.of(1, 2, 3, NaN, 5, 6) };
  await assertRejects(
    () => assertFiniteFeatures(engine, backbones, { names, inputs, extracted: { features, cutPoints: NO_CUT_POINTS } }),
    UserError,
    "Cannot use the weights of inception_v3: expected finite activations for dog.7.jpg, got NaN in Mixed_6b. Use",
  );
  const fine = { shape: [3, 1], data: Float32Array.of(1, 2, 3) };
  const cutPoints = new Map([["resnet", { shape: [1], data: Float32Array.of(Infinity) }]]);
  await assertRejects(
    () => assertFiniteFeatures(engine, backbones, { names, inputs, extracted: { features: fine, cutPoints } }),
    UserError,
    "dog.7.jpg",
  );
  const before = engine.compiled.length;
  await assertFiniteFeatures(engine, backbones, {
    names,
    inputs,
    extracted: { features: fine, cutPoints: NO_CUT_POINTS },
  });
  assertEquals(engine.compiled.length, before);
});

Deno.test("assertFiniteBackbones() takes the mini weights and refuses such as overflow, naming the layer", async () => {
  const { engine } = await chooseEngine("onnx");
  try {
    await assertFiniteBackbones(engine, backbones);
    const huge = withKernels(RESNET, () => 1e30);
    await assertRejects(() => assertFiniteBackbones(engine, [huge]), UserError, "got Infinity in layer1.0.conv1");
    // Infinities of both signs meet in one sum, and the ReLU after it makes zeros of what is no number.
    const hidden = withKernels(
      INCEPTION,
      (name, index) => name === "Mixed_7c.branch1x1.conv.weight" ? (index % 2 === 0 ? 3e38 : -3e38) : undefined,
    );
    await assertRejects(() => assertFiniteBackbones(engine, [hidden]), UserError, "in Mixed_7c.branch1x1");
  } finally {
    await engine.close();
  }
});

Deno.test("syntheticPhoto() is the same each time, and holds bright and dark", () => {
  const { data, shape } = syntheticPhoto(96);
  assertEquals([data.length, [...shape]], [96 * 96 * 3, [1, 96, 96, 3]]);
  assertEquals(data, syntheticPhoto(96).data);
  assertEquals([Math.min(...data) < 20, Math.max(...data) > 235], [true, true]);
});
