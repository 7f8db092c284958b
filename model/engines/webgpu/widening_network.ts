import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import type { Network } from "../../networks/layers.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import type { CompiledNetwork, CompileOptions } from "../engine.ts";
import type { FloatWidth } from "./float_width.ts";
import { HalfOverflow } from "./half_overflow.ts";
import type { Precision } from "./kernels/shader.ts";
import { WebgpuNetwork } from "./webgpu_network.ts";

/** Compiles a network in its engine's precision of the moment. */
type Compile = () => Promise<WebgpuNetwork>;

/**
 * A network that computes in its engine's precision, and is compiled again when that changes: it asks for 32 bits itself
 * where 16 do not hold its values. A batch in which that happens is computed again as a whole.
 */
export class WideningNetwork implements CompiledNetwork {
  #network: Promise<WebgpuNetwork>;
  #precision: Precision;

  private constructor(readonly width: FloatWidth, readonly recompile: Compile, network: WebgpuNetwork) {
    this.#network = Promise.resolve(network);
    this.#precision = network.device.precision;
  }

  /** As `WebgpuNetwork.compile`; weights that are too large for 16 bits are a reason for 32. */
  static async compile(
    width: FloatWidth,
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    options?: CompileOptions,
  ): Promise<WideningNetwork> {
    const compile: Compile = () => {
      const { device, tiles } = width.opened;
      return WebgpuNetwork.compile(device, tiles, network, weights, outputs, options);
    };
    try {
      return new WideningNetwork(width, compile, await compile());
    } catch (error) {
      if (!(error instanceof HalfOverflow)) throw error;
      width.widen(error.layer);
      return new WideningNetwork(width, compile, await compile());
    }
  }

  async run(input: Tensor | PixelBatch): Promise<Map<string, Tensor>> {
    const network = await this.#current();
    try {
      return await network.run(input);
    } catch (error) {
      if (!(error instanceof HalfOverflow)) throw error;
      this.width.widen(error.layer);
      return await (await this.#current()).run(input);
    }
  }

  async close(): Promise<void> {
    // What could not be compiled again holds nothing.
    const [network] = await Promise.allSettled([this.#network]);
    if (network.status === "fulfilled") await network.value.close();
  }

  #current(): Promise<WebgpuNetwork> {
    const { precision } = this.width;
    if (precision !== this.#precision) {
      this.#precision = precision;
      this.#network = this.#replaced(this.#network);
    }
    return this.#network;
  }

  async #replaced(before: Promise<WebgpuNetwork>): Promise<WebgpuNetwork> {
    // What is under way on it ends first: WebGPU frees its buffers when it has.
    await (await before).close();
    return await this.recompile();
  }
}
