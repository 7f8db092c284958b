import { join } from "@std/path";
import { explained, writeAtomic } from "../files/atomic_file.ts";
import { UserError } from "../files/user_error.ts";

/** Files of one stage that may be read. */
export interface ReadableFolder {
  has(name: string): Promise<boolean>;
  read(name: string): Promise<Uint8Array>;
  readText(name: string): Promise<string>;
  /** The file's place on disk, for readers that take a part of it. */
  path(name: string): string;
}

/** The folder of one stage within a run: `runs/NAME/STAGE`. Files are written whole or not at all. */
export class StageFolder implements ReadableFolder {
  constructor(readonly root: string) {}

  path(name: string): string {
    return join(this.root, name);
  }

  async has(name: string): Promise<boolean> {
    try {
      return (await Deno.stat(this.path(name))).isFile;
    } catch (thrown) {
      if (thrown instanceof Deno.errors.NotFound) return false;
      throw thrown;
    }
  }

  read(name: string): Promise<Uint8Array> {
    return Deno.readFile(this.path(name));
  }

  readText(name: string): Promise<string> {
    return Deno.readTextFile(this.path(name));
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeAtomic(this.path(name), content);
  }

  async remove(name: string): Promise<void> {
    await Deno.remove(this.path(name));
  }

  /** The names of the files in it, sorted. */
  async list(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const entry of Deno.readDir(this.root)) if (entry.isFile) names.push(entry.name);
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
    }
    return names.sort();
  }
}

/** Where a stage of a run keeps its files. */
export function stageFolder(run: string, stage: string): StageFolder {
  return new StageFolder(join(run, stage));
}

async function openLock(root: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(root, { recursive: true });
    return await Deno.open(join(root, "lock"), { create: true, write: true });
  } catch (thrown) {
    throw explained(thrown, root);
  }
}

/** Holds a run's folder for one process. The system lets go of it when the process ends, however it ends. */
export async function lockRun(root: string): Promise<Disposable> {
  const file = await openLock(root);
  if (!await file.tryLock(true)) {
    file.close();
    throw new UserError(`Cannot work in ${root}: another run is at work there. Wait for it, or use another --out`);
  }
  return { [Symbol.dispose]: () => file.close() };
}
