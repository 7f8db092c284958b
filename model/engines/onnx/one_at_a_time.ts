/**
 * Lets one call run at a time, in the order in which they come: two graphs on the same cores at once take turns at the
 * caches and need the memory of both.
 */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    // The next call goes on whether this one fails or not.
    this.#last = result.catch(() => {});
    return result;
  }
}
