/** The largest whole number that 16 bits hold. */
const LARGEST = 32767;

/** Many rows of a matrix in 16 bits a value, each row by a scale of its own: off by a 65,000th of its largest value. */
export class CompactRows {
  readonly #values: Int16Array;
  readonly #scales: Float64Array;

  constructor(readonly count: number, readonly width: number) {
    this.#values = new Int16Array(count * width);
    this.#scales = new Float64Array(count);
  }

  /** @throws RangeError when the row is of another width. */
  set(row: number, values: Float32Array): void {
    this.#assertWidth(values);
    let largest = 0;
    for (let j = 0; j < this.width; j++) largest = Math.max(largest, Math.abs(values[j]));
    this.#scales[row] = largest / LARGEST;
    const scale = largest > 0 ? LARGEST / largest : 0;
    for (let j = 0; j < this.width; j++) this.#values[row * this.width + j] = Math.round(values[j] * scale);
  }

  /** A row as it is held. */
  row(row: number): Float32Array {
    const scale = this.#scales[row];
    return Float32Array.from(this.#values.subarray(row * this.width, (row + 1) * this.width), (value) => value * scale);
  }

  /**
   * The inner products of a row with all of these.
   * @throws RangeError when it is of another width.
   */
  products(row: Float32Array): Float64Array {
    this.#assertWidth(row);
    const [values, width] = [this.#values, this.width];
    const whole = width - width % 4;
    return this.#scales.map((scale, k) => {
      const start = k * width;
      // Four sums, so that none of them waits for the one before.
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let j = 0; j < whole; j += 4) {
        a += row[j] * values[start + j];
        b += row[j + 1] * values[start + j + 1];
        c += row[j + 2] * values[start + j + 2];
        d += row[j + 3] * values[start + j + 3];
      }
      for (let j = whole; j < width; j++) a += row[j] * values[start + j];
      return (a + b + c + d) * scale;
    });
  }

  #assertWidth(row: Float32Array): void {
    if (row.length === this.width) return;
    throw new RangeError(`Cannot compare rows: expected ${this.width} values, got ${row.length}`);
  }
}
