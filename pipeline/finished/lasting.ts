/**
 * Something that takes a while to make of what lasts: made once, and again when it was made of something else. Of those
 * who ask for it meanwhile, all get the same; what failed is tried again.
 */
export class Lasting<Made> {
  #key?: string;
  #made?: Promise<Made>;

  /** @param key of all that it is made of */
  async of(key: string, make: () => Promise<Made>): Promise<Made> {
    if (this.#made === undefined || this.#key !== key) {
      const made = make();
      [this.#key, this.#made] = [key, made];
      made.catch(() => {
        if (this.#made === made) this.#made = undefined;
      });
    }
    return await this.#made;
  }
}
