import { ReviewJournal } from "../../../../pipeline/review/review_journal.ts";
import { RunReviewFiles } from "../../../../pipeline/review/review_files.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";

// Drops one photo and lets it stay, in turn, and says each time how often it has, until it is killed.
const [run, id] = Deno.args;
const journal = new ReviewJournal(new RunReviewFiles(new StageFolder(runFolder(run))));
for (let count = 1;; count++) {
  await journal.decide([{ id, word: count % 2 === 1 ? "drop" : "keep" }]);
  console.log(count);
}
