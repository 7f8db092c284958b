import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UNFINISHED } from "../../../../data/owned/replace_file.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { EMPTY_REVIEW_TEXT, REVIEW_FILE, REVIEW_SCHEMA_FILE } from "../../../../pipeline/review/file/review.ts";
import { HISTORY_FILE, RunReviewFiles } from "../../../../pipeline/review/review_files.ts";
import { ReviewJournal } from "../../../../pipeline/review/review_journal.ts";
import { wordOf } from "../../../../pipeline/review/word.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { inFolder } from "../in_folder.ts";

const journalIn = (run: string) => new ReviewJournal(new RunReviewFiles(new StageFolder(runFolder(run))));

Deno.test("a journal's first decision makes the review, its schema and itself, all of them the run's own", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    const journal = journalIn(run);
    assertEquals(await journal.undo(), undefined);
    await journal.decide([{ id: "a.jpg", word: "drop" }]);
    assertEquals(await runFolder(run).names(), [HISTORY_FILE, REVIEW_FILE, REVIEW_SCHEMA_FILE].sort());
    await journal.undo();
    assertEquals(await Deno.readTextFile(join(run, REVIEW_FILE)), EMPTY_REVIEW_TEXT);
  }));

Deno.test("a review that the user made before any run did is edited, and stays the user's", () =>
  inFolder(async (folder) => {
    const run = runFolder(join(folder, "run"));
    await run.claim();
    const path = join(run.root, REVIEW_FILE);
    await Deno.writeTextFile(path, `{"keep": ["mine.jpg"]}`);
    await journalIn(run.root).decide([{ id: "a.jpg", word: "keep" }]);
    assertEquals(await Deno.readTextFile(path), `{"keep": ["mine.jpg", "a.jpg"]}`);
    assertEquals(await run.owns(REVIEW_FILE), false);
  }));

// A file of the user's that was called so was removed with the first decision.
Deno.test("what of the user's stands beside their review stays, whatever it is called, and a decision leaves nothing more", () =>
  inFolder(async (folder) => {
    const run = runFolder(join(folder, "run"));
    await run.claim();
    const theirs = join(run.root, `${REVIEW_FILE}${UNFINISHED}`);
    await Deno.writeTextFile(theirs, "my notes");
    await Deno.writeTextFile(join(run.root, REVIEW_FILE), "{}");
    for (const word of ["keep", "drop"] as const) await journalIn(run.root).decide([{ id: "a.jpg", word }]);
    assertEquals(await Deno.readTextFile(theirs), "my notes");
    assertEquals(await run.names(), [HISTORY_FILE]);
    const names = [...Deno.readDirSync(run.root)].map(({ name }) => name).sort();
    assertEquals(names, ["files.jsonl", HISTORY_FILE, REVIEW_FILE, `${REVIEW_FILE}${UNFINISHED}`, "run.json"].sort());
  }));

Deno.test("a link in the review's place is refused, and what it leads to stays as it is", () =>
  inFolder(async (folder) => {
    const run = runFolder(join(folder, "run"));
    await run.claim();
    await Deno.writeTextFile(join(folder, "theirs.json"), "{}");
    await Deno.symlink(join(folder, "theirs.json"), join(run.root, REVIEW_FILE));
    const decide = () => journalIn(run.root).decide([{ id: "a.jpg", word: "keep" }]);
    await assertRejects(decide, UserError, "expected a file, got a link");
    assertEquals(await Deno.readTextFile(join(folder, "theirs.json")), "{}");
  }));

/** Runs a process that decides on a photo until it is killed; gives how many of its decisions were confirmed. */
async function decideUntilKilled(run: string, id: string, milliseconds: number): Promise<number> {
  const script = fromFileUrl(new URL("decide_forever.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", script, run, id], stdout: "piped" }).spawn();
  let confirmed = 0;
  let started = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    confirmed = Number(text.trimEnd().split("\n").at(-1));
    if (!started) setTimeout(() => child.kill("SIGKILL"), milliseconds);
    started = true;
  }
  await child.status;
  return confirmed;
}

Deno.test("two processes that are killed lose no word of theirs, and none of the other's", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await runFolder(run).claim();
    for (const milliseconds of [40, 75]) {
      const ids = [`first.${milliseconds}.jpg`, `second.${milliseconds}.jpg`];
      const counts = await Promise.all(ids.map((id, k) => decideUntilKilled(run, id, milliseconds + 30 * k)));
      const journal = journalIn(run);
      await journal.settle();
      const review = await journal.review();
      for (const [k, id] of ids.entries()) {
        assert(counts[k] > 0);
        const word = (count: number) => count % 2 === 1 ? "drop" : "keep";
        // One more may have been written and not confirmed.
        assert([word(counts[k]), word(counts[k] + 1)].some((word) => wordOf(review, id) === word));
      }
    }
    // Two photos of each round, the last words of both are still there.
    const { keep, drop } = await journalIn(run).review();
    assertEquals(keep.size + drop.size, 4);
  }));
