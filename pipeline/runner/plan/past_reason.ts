/** What a stage's reason says while the stage waits, and what it said when all is over. */
const TENSES: readonly (readonly [now: RegExp, then: string])[] = [
  [/^has not run yet$/, "had not run yet"],
  [/^nothing changed$/, "nothing had changed"],
  [/^its code changed \(version (\d+) before, (\d+) now\)$/, "its code had changed (version $1 before, $2 then)"],
  [/^(.*) was (.*) and is now (.*)$/, "$1 had been $2 and became $3"],
  [/^(.*) is gone$/, "$1 was gone"],
  [/^(.*) was changed$/, "$1 had been changed"],
  [/^computed by (.*), and (.*) was asked for$/, "had been computed by $1, and $2 was asked for"],
  [/^(.*) runs first$/, "$1 ran first"],
  [/^(.*) is no longer used$/, "nothing used $1 any more"],
  [/^(.*) changed$/, "$1 had changed"],
];

/** The reason why a stage ran, or did not have to, as it is told after the run: in the past tense. */
export function pastReason(reason: string): string {
  const tense = TENSES.find(([now]) => now.test(reason));
  return tense ? reason.replace(...tense) : reason;
}
