import type { Output } from "./progress.ts";

/** An output for a program that wants whole lines, and progress as numbers; a silent one where it wants neither. */
export function linesTo(
  say: (line: string) => void = () => {},
  progressed: Output["progressed"] = () => {},
): Output {
  let begun = "";
  return {
    isTerminal: false,
    progressed,
    write(text) {
      const lines = (begun + text).split("\n");
      begun = lines.pop() ?? "";
      for (const line of lines) say(line);
    },
  };
}
