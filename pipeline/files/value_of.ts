/**
 * The value that a map holds under an id. Whoever looks something up relies on its being there: where it is not, that is
 * a mistake in the program and not a default.
 * @param what is looked up, e.g. `the label of`
 * @throws RangeError that names the id.
 */
export function valueOf<Key, Value>(map: ReadonlyMap<Key, Value>, id: Key, what: string): Value {
  const value = map.get(id);
  if (value !== undefined) return value;
  throw new RangeError(`Cannot look up ${what} ${id}: expected one of ${map.size} known ids, got another`);
}
