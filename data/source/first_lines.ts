/** Lines that are told in full; how many more there are is told in one. */
const LINES_TOLD = 20;

/** Lines that say what is wrong, or the first of them and how many more there are, so that none fills the screen. */
export function firstLines(lines: readonly string[], what: string): string[] {
  const more = lines.length - LINES_TOLD;
  return more <= 1 ? [...lines] : [...lines.slice(0, LINES_TOLD), `and ${more} more ${what}`];
}
