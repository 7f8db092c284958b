/**
 * What a map holds under a name. A name that is not there is a mistake, never a default.
 * @param what one of the map's entries, for the message: `a value of resnet50`.
 * @throws RangeError that says which name was looked for, and what for.
 */
export function entryOf<Key, Value>(map: ReadonlyMap<Key, Value>, name: Key, what: string): Value {
  const entry = map.get(name);
  if (entry === undefined) throw new RangeError(`Cannot find ${what}: expected a name that is known, got "${name}"`);
  return entry;
}
