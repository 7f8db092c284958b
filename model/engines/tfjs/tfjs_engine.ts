import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tensor.ts";
import { createTfjsTrainer } from "./tfjs_trainer.ts";
import type { Engine } from "../engine.ts";
import { productShape } from "../product_shape.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";
import { TfjsNetwork } from "./tfjs_network.ts";

/** An engine on one of tfjs's backends. */
export function tfjsEngine(backend: TfjsBackend): Engine {
  return {
    name: backend.name,
    device: backend.device,
    precision: "f32",
    batchSize: backend.batchSize,
    compile: (network, weights, outputs) => TfjsNetwork.compile(backend, network, weights, outputs),
    train: (spec, state) => createTfjsTrainer(backend, spec, state),
    product: (a, b) => multiply(backend, a, b),
    close() {
      backend.close();
      return Promise.resolve();
    },
  };
}

async function multiply(backend: TfjsBackend, a: Tensor, b: Tensor): Promise<Tensor> {
  const { m, n, k } = productShape(a, b);
  const product = backend.compute(
    "a matrix product",
    () => tf.tidy(() => tf.matMul(tf.tensor2d(a.data, [m, k]), tf.tensor2d(b.data, [n, k]), false, true)),
  );
  try {
    return { shape: [m, n], data: await backend.settle(product.data<"float32">()) };
  } finally {
    product.dispose();
  }
}
