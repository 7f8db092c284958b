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
      assertClose(momentsOf(output.data), moments, tolerances[file.size], `${name}'s moments`);
    }
  } finally {
    await compiled.close();
  }
}

/** Every engine computes the tiny ones; plain JavaScript and software adapters are too slow for more. */
function enginesFor({ size }: GoldenFile): EngineName[] {
  const hardware: EngineName[] = gpuIsSoftware ? [] : ["webgpu"];
  if (size === "tiny") return ["webgpu", "onnx", "wasm", "cpu"];
  return [...hardware, "onnx", "wasm"];
}

for (const file of [...embeddedGoldens(), ...fullGoldens()]) {
  testEachEngine(
    (name) => `compile() on ${name} agrees with PyTorch at every depth of ${file.name}`,
    (engine) => assertAgreesWithPyTorch(engine, file),
    enginesFor(file),
  );
}
if (fullGoldens().length === 0) {
  Deno.test({
    name: "compile() agrees with PyTorch at full width (ignored: no ../shared/golden)",
    ignore: true,
    fn() {},
  });
}
