import type { Random } from "../../random.ts";

/** SVG markup of one or several elements. */
export type Svg = string;

/** A drawing under way: where its random numbers come from, and the gradients, clips and filters that it shares. */
export class Sketch {
  readonly #definitions: Svg[] = [];

  constructor(readonly random: Random) {}

  /** A number drawn uniformly from `low` (included) to `high` (excluded). */
  between(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** A whole number drawn uniformly from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.random());
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** One of these, each as likely as the others. */
  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)];
  }

  /** As many drawings as `count`, one after another. */
  repeat(count: number, draw: (index: number) => Svg): Svg {
    return Array.from({ length: count }, (_, index) => draw(index)).join("");
  }

  /** Adds a gradient, clip path or filter; `build` gets the id it must carry. Returns `url(#id)`. */
  define(build: (id: string) => Svg): string {
    const id = `d${this.#definitions.length}`;
    this.#definitions.push(build(id));
    return `url(#${id})`;
  }

  /** A document of `width` by `height` pixels, with all that was defined since the document before. */
  document(width: number, height: number, content: Svg): Svg {
    const definitions = this.#definitions.splice(0).join("");
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}"><defs>${definitions}</defs>${content}</svg>`;
  }
}
