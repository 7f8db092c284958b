import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openCpuBackend } from "../../../../../model/engines/tfjs/cpu_backend.ts";
import { openWasmBackend } from "../../../../../model/engines/tfjs/wasm_backend.ts";

Deno.test("compute() changes tfjs's backend where another one computes, and else leaves it", async () => {
  const [cpu, wasm] = [await openCpuBackend(), await openWasmBackend()];
  const engine = tf.engine();
  const { setBackend } = engine;
  const switches: string[] = [];
  engine.setBackend = function (name) {
    switches.push(name);
    return setBackend.call(this, name);
  };
  try {
    for (const backend of [cpu, cpu, wasm, wasm, wasm, cpu]) {
      const computedOn = backend.compute("a sum", () => {
        tf.dispose(tf.add(1, 2));
        return tf.backend() === tf.engine().findBackend(backend.name);
      });
      assertEquals(computedOn, true, backend.name);
    }
    assertEquals(switches, ["cpu", "wasm", "cpu"]);
  } finally {
    engine.setBackend = setBackend;
    cpu.close();
    wasm.close();
  }
});
