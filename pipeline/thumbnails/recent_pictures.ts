/** Small pictures that were made, the latest used ones of them, up to a number of bytes. */
export class RecentPictures {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(readonly maximumBytes: number) {}

  /**
   * A picture, made where it is not kept.
   * @param key of its content, so that another content is another picture
   */
  async of(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const made = await make();
    this.#keep(key, made);
    return made;
  }

  #keep(key: string, picture: Uint8Array): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, picture);
    this.#bytes += picture.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= this.maximumBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}
