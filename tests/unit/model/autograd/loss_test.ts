import { meanCrossEntropy } from "../../../../model/autograd/loss.ts";
import { input } from "../../../../model/autograd/operations.ts";
import { assertAsInFloat32, CROSS_ENTROPIES } from "./cross_entropies.ts";
import { interpret } from "./reference_interpreter.ts";

for (const { logits, label, loss } of CROSS_ENTROPIES) {
  Deno.test(`meanCrossEntropy() equals PyTorch's for [${logits}] and label ${label}`, () => {
    const mean = meanCrossEntropy(input("logits", [1, 2]), input("targets", [1, 2]));
    const inputs = new Map([
      ["logits", { shape: [1, 2], data: Float64Array.from(Float32Array.from(logits)) }],
      ["targets", { shape: [1, 2], data: Float64Array.of(1 - label, label) }],
    ]);
    assertAsInFloat32(interpret(mean, inputs).data[0], loss, Math.max(...logits.map(Math.abs)));
  });
}
