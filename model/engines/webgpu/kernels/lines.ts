/** The whole numbers from 0 up to `length`. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}

/** Lines of code, one below the other; nested lists are parts of a list. */
export type Lines = readonly (string | Lines)[];

/** Joins lines with an indentation of so many spaces. */
export function indented(spaces: number, lines: Lines): string {
  const flat = (some: Lines): string[] => some.flatMap((line) => (typeof line === "string" ? [line] : flat(line)));
  return flat(lines).map((line) => " ".repeat(spaces) + line).join("\n");
}
