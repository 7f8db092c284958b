/** What stands behind the question mark of an address. */
export function parametersOf(address: string): URLSearchParams {
  return new URL(address, "http://studio").searchParams;
}
