import type { HalfFloats } from "../engine.ts";
import type { Device } from "./device/device.ts";
import type { Precision } from "./kernels/shader.ts";
import type { TileChooser } from "./tiles/tile_chooser.ts";

/** A device as one precision uses it. */
export interface OpenedDevice {
  readonly device: Device;
  readonly tiles: TileChooser;
}

/** In how many bits an engine stores activations: in 16 until they do not hold a value, from then on in 32. */
export class FloatWidth implements HalfFloats {
  #opened: OpenedDevice;
  #overflow: string | undefined;

  /**
   * @param open the same device for either precision
   * @param say tells the user one line
   */
  constructor(
    starts: Precision,
    readonly open: (precision: Precision) => OpenedDevice,
    readonly say: (line: string) => void,
  ) {
    this.#opened = open(starts);
  }

  get opened(): OpenedDevice {
    return this.#opened;
  }

  get precision(): Precision {
    return this.#opened.device.precision;
  }

  get overflow(): string | undefined {
    return this.#overflow;
  }

  leave(): void {
    if (this.precision === "f16") this.#opened = this.open("f32");
  }

  /** Leaves 16 bits, which do not hold a layer's values, and says so once. */
  widen(layer: string): void {
    if (this.precision === "f32") return;
    this.leave();
    this.#overflow = layer;
    this.say(`note: 16 bits do not hold the values of ${layer}: going on in 32`);
  }
}
