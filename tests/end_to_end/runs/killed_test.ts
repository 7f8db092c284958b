import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { randomFrom } from "../../../data/random.ts";
import { sha256 } from "../../../pipeline/files/hashing.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, filesBelow, run, runWell } from "../command_line.ts";
import { copyFolder } from "../run_files.ts";
import { overSmall, runSmall } from "../small_run.ts";

/** The longest time in which a killed command has to have come to the file at which it is killed. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Files at whose writing a run is killed, each time during the stage whose folder it is in. Fine-tuning writes its first
 * checkpoint before any step: only the second one holds a momentum that has to survive.
 */
const SIGHTS = {
  "linear-probe": [
    "scan/started.json",
    "trim/started.json",
    "transform/started.json",
    "transform/rows.json",
    "train/started.json",
    "rescan/started.json",
    "finetune/started.json",
    "finetune/state.safetensors",
    "predict/submission.csv",
    "report/started.json",
  ],
  writeup: [
    "transform/started.json",
    "transform/rows.json",
    "train/started.json",
    "train/checkpoint.safetensors",
    "rescan/started.json",
    "finetune/started.json",
    "finetune/checkpoint.safetensors",
    "finetune/checkpoint.safetensors",
    "predict/started.json",
    "report/started.json",
  ],
};

const stageOf = (file: string) => file.split("/")[0];

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Starts a command and kills it as `kill -9` does, at a moment of choice; false when it ended well before. */
async function killed(words: string, folder: string, moment: (ended: () => boolean) => Promise<void>) {
  const child = command(words.split(" "), folder).spawn();
  let hasEnded = false;
  const output = child.output().finally(() => hasEnded = true);
  await moment(() => hasEnded);
  try {
    child.kill("SIGKILL");
  } catch (thrown) {
    // It may end between the last look and the signal.
    if (!(thrown instanceof TypeError)) throw thrown;
  }
  const { signal, code, stderr } = await output;
  if (signal === "SIGKILL") return true;
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return false;
}

/** The moment at which a file has been written, whether it was there before or not. */
function writing(path: string): (ended: () => boolean) => Promise<void> {
  const stampOf = () => Deno.stat(path).then(({ mtime, ino }) => `${mtime?.getTime()} ${ino}`, () => "");
  return async (ended) => {
    const before = await stampOf();
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    for (let stamp = before; stamp === before || stamp === ""; stamp = await stampOf()) {
      if (ended() || Date.now() > deadline) return;
      await pause(1);
    }
  };
}

/** Content hashes of what a run gives in the end: the submission, and all that it was computed from. */
async function resultsOf(out: string): Promise<Record<string, string>> {
  const files = [
    "predict/submission.csv",
    "split/output.json",
    "transform/output.json",
    "train/state.safetensors",
    "rescan/output.json",
    "finetune/output.json",
    "finetune/state.safetensors",
  ];
  const results: Record<string, string> = {};
  for (const file of files) results[file] = sha256(await Deno.readFile(join(out, file)));
  return results;
}

for (const recipe of ["linear-probe", "writeup"] as const) {
  Deno.test(`a run by the ${recipe} recipe that is killed again and again ends as one left alone`, () =>
    inFolder(async (folder) => {
      const [out, undisturbed] = [join(folder, "run"), join(folder, "undisturbed")];
      const words = (name: string) => `${overSmall(name)} --recipe ${recipe}`;
      await runSmall(folder, { out: "undisturbed", recipe });
      // What it has computed would be taken by the others.
      await Deno.remove(join(folder, "runs"), { recursive: true });

      const caught: string[] = [];
      for (const file of SIGHTS[recipe]) {
        if (await killed(words(`stage ${stageOf(file)}`), folder, writing(join(out, file)))) caught.push(file);
      }
      // Some stages are over in a blink; those that take their time have to be among the killed.
      for (const stage of ["transform", recipe === "writeup" ? "finetune" : "rescan"]) {
        assert(caught.some((file) => stageOf(file) === stage), `${stage} was killed, among ${caught}`);
      }
      const random = randomFrom(0, recipe);
      await runWell(words("stage split --force"), folder);
      for (let kill = 0; kill < 3; kill++) {
        await killed(words("pipeline --force"), folder, () => pause(300 + 2500 * random()));
      }

      await runWell(words("pipeline"), folder);
      assertEquals(await resultsOf(out), await resultsOf(undisturbed));
      const left = (await filesBelow(out)).filter((path) => /\.unfinished$|started\.json$|checkpoint/.test(path));
      assertEquals(left, [], "nothing of an unfinished stage is left over");
    }));
}

// The run's settings named the new photos by then, and the classifier of the old ones answered for them.
Deno.test("a run that is killed as its photos are replaced predicts nothing by what the old ones have taught it", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    await copyFolder(join(folder, "photos/train"), join(folder, "others"));
    for (const id of ["cat.1.jpg", "dog.1.jpg"]) await Deno.remove(join(folder, "others", id));
    const isReplaced = async () => (await Deno.readTextFile(join(folder, "run/config.json"))).includes("others");
    const wasKilled = await killed("pipeline --data others --out run --replace", folder, async (ended) => {
      while (!ended() && !await isReplaced()) await pause(1);
    });
    assert(wasKilled && await isReplaced());
    for (const words of ["predict --run run photos/test/2.jpg", "export --run run"]) {
      const { code, stdout, stderr } = await run(words.split(" "), folder);
      assertEquals([code, stdout], [1, ""], words);
      assertStringIncludes(stderr, "Cannot use the classifier of run: expected one that is up to date");
    }
    await runWell("pipeline --out run", folder);
    await runWell("predict --run run --data others photos/test/2.jpg", folder);
  }));
