import { isLocked } from "../../data/owned/locked_file.ts";
import { readTextIfThere } from "../files/text_file.ts";
import type { Part } from "../runner/stage.ts";
import type { StageFolder } from "../store/run_folder.ts";
import { partName, PartNote, partOfFile } from "./part_file.ts";
import { readJobs } from "./submitted_jobs.ts";

/** How a part of a run's work stands. */
export interface PartState extends Partial<Omit<PartNote, "state">> {
  readonly part: Part;
  /** `stopped`: its process was killed or its machine is gone; `waiting`: it was submitted and has not begun. */
  readonly state: PartNote["state"] | "stopped" | "waiting";
  /** The path of what Slurm kept of what it said. */
  readonly log?: string;
}

/** How the parts of a run's work stand: those that have begun, and those that Slurm was handed. Nothing is written. */
export async function partStates(folder: StageFolder): Promise<PartState[]> {
  const files = await folder.list();
  const begun = files.flatMap((file) => partOfFile(file) ?? []);
  const jobs = await readJobs(folder);
  const submitted = Array.from({ length: jobs?.of ?? 0 }, (_, k): Part => ({ number: k + 1, of: jobs?.of ?? 0 }));
  const parts = new Map([...submitted, ...begun].map((part) => [partName(part), part]));
  const states: PartState[] = [];
  for (const [name, part] of parts) {
    const log = files.includes(`${name}.log`) ? { log: folder.path(`${name}.log`) } : {};
    states.push({ part, ...await stateOf(folder, `${name}.json`), ...log });
  }
  return states.sort(({ part: a }, { part: b }) => a.of - b.of || a.number - b.number);
}

async function stateOf(folder: StageFolder, name: string): Promise<Omit<PartState, "part">> {
  if (!await folder.run.owns(`${folder.below}/${name}`) || !await folder.has(name)) return { state: "waiting" };
  // In this order: a process that ends in between has noted how.
  const isAtWork = await isLocked(folder.path(name));
  const note = noteIn(await readTextIfThere(folder.path(name)));
  if (note === undefined) return { state: isAtWork ? "running" : "stopped" };
  return { ...note, state: note.state === "running" && !isAtWork ? "stopped" : note.state };
}

function noteIn(text = ""): PartNote | undefined {
  try {
    return PartNote.parse(JSON.parse(text));
  } catch {
    // It is just being written, or its process was killed as it wrote.
    return undefined;
  }
}
