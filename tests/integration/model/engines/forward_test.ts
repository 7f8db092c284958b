import { assertEquals } from "@std/assert";
import type { Engine, EngineName } from "../../../../model/engines/engine.ts";
import { assertClose } from "../training/golden_files.ts";
import { gpuIsSoftware, testEachEngine } from "./engines_here.ts";
import { embeddedGoldens, fullGoldens, type GoldenFile, momentsOf, readGolden, samplesOf } from "./golden_forward.ts";

const tolerances = { tiny: 1e-4, mini: 1e-4, full: 1e-3 };

async function assertAgreesWithPyTorch(engine: Engine, file: GoldenFile): Promise<void> {
  const { network, weights, input, depths } = await readGolden(file);
  const compiled = await engine.compile(network, weights, depths.map(({ name }) => name));
  try {
    const outputs = await compiled.run(input);
    assertEquals([...outputs.keys()].sort(), depths.map(({ name }) => name).sort());
    for (const { name, shape, samples, moments } of depths) {
      const output = outputs.get(name);
      if (output === undefined) throw new Error(`expected ${name}`);
      assertEquals(output.shape, shape, name);
      assertClose(samplesOf(output), samples, tolerances[file.size], `${name}'s samples`);
      assertMomentsClose(momentsOf(output.data), moments, tolerances[file.size], name);
    }
  } finally {
    await compiled.close();
  }
}

/** Each by its own size: together, a mean would be lost in the rounding of a maximum hundreds of times as large. */
function assertMomentsClose(actual: Float32Array, expected: Float32Array, tolerance: number, name: string): void {
  for (const [k, moment] of ["mean", "standard deviation", "minimum", "maximum"].entries()) {
    // What a ReLU wrote is often 0 at the least, to the bit.
    if (expected[k] === 0) assertEquals(actual[k], 0, `${name}'s ${moment}`);
    else assertClose([actual[k]], [expected[k]], tolerance, `${name}'s ${moment}`);
  }
}

/** Every engine computes the tiny ones; plain JavaScript and software adapters are too slow for more. */
function enginesFor(size: GoldenFile["size"]): EngineName[] {
  const hardware: EngineName[] = gpuIsSoftware ? [] : ["webgpu"];
  if (size === "tiny") return ["webgpu", "onnx", "wasm", "cpu"];
  return [...hardware, "onnx", "wasm"];
}

for (const file of embeddedGoldens()) {
  testEachEngine(
    (name) => `compile() on ${name} agrees with PyTorch at every depth of ${file.name}`,
    (engine) => assertAgreesWithPyTorch(engine, file),
    { engines: enginesFor(file.size) },
  );
}

testEachEngine(
  (name) => `compile() on ${name} agrees with PyTorch at every depth at full width`,
  async (engine) => {
    for (const file of fullGoldens()) await assertAgreesWithPyTorch(engine, file);
  },
  { engines: enginesFor("full"), ...fullGoldens().length === 0 ? { lacking: "../shared/golden" } : {} },
);
