import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { RunOutputs } from "../../../pipeline/finished/run_outputs.ts";
import { StageReader } from "../../../pipeline/knowledge/stage_values.ts";
import { OUTPUT_FILE } from "../../../pipeline/store/manifest.ts";
import { runFolder } from "../../../pipeline/store/run_folder.ts";
import { RunStore } from "../../../pipeline/store/run_store.ts";
import { VerifiedFolder } from "../../../pipeline/store/verified_folder.ts";
import { madeUpRun } from "./made_up/made_up_run.ts";
import { type StudioProcess, withStudio } from "./studio_process.ts";

/** Of these 200 to 300 deserve a look, in some 50 groups and more. */
const SIZE = { train: 2400, test: 600 };

/** Photos, groups and neighbours that an answer holds at most, however many there are. */
const PHOTOS_A_PAGE = 120;
const GROUPS_A_PAGE = 30;
const NEAREST = 12;

Deno.test("however often a run is looked at, what its stages left is read once", () =>
  inFolder(async (folder) => {
    await madeUpRun(folder, { train: 400, test: 100 });
    const store = new CountingStore(`${folder}/run`);
    let turns = 0;
    const reader = new StageReader(new RunOutputs(store), () => {
      turns++;
      return Promise.resolve();
    });
    const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => reader.read()));
    for (let k = 0; k < 10; k++) assertEquals(await reader.read(), first);
    assert(first !== undefined && others.every((other) => other === first));
    const once = ["filter", "predict", "rescan", "scan", "split", "trim"];
    assertEquals([...store.reads].sort(), once.map((stage) => `${stage}/${OUTPUT_FILE}`));
    assert(turns > 10, `others had ${turns} turns meanwhile`);
  }));

Deno.test("a studio on thousands of photos answers with a page of them, and page by page with all, each once", () =>
  inFolder(async (folder) => {
    await madeUpRun(folder, SIZE);
    await withStudio(folder, ["--run", "run"], async (studio) => {
      const get = await visitor(studio);
      const tiles = /data-tile="([^"]*)"/g;
      const names = /<span class="id">([^<]*)</g;
      const queue = await pages(get, "/review?view=grid", tiles, PHOTOS_A_PAGE);
      assert(queue.length > 2 * PHOTOS_A_PAGE, `${queue.length} photos deserve a look`);
      assertEquals((await pages(get, "/predictions?order=doubt", names, PHOTOS_A_PAGE)).length, SIZE.test);
      assertEquals(
        (await pages(get, "/predictions?order=id&search=7", names, PHOTOS_A_PAGE)).length,
        withA7(SIZE.test),
      );
      assert((await pages(get, "/duplicates", tiles, GROUPS_A_PAGE)).length > GROUPS_A_PAGE);
      for (const address of [`/review/near?id=${queue[0]}`, `/photo/card?set=test&id=1.jpg`]) {
        assertEquals([...(await get(address)).matchAll(/\/photo\/thumbnail/g)].length, NEAREST, address);
      }
      const one = await get("/review");
      assertEquals([...one.matchAll(/class="card"/g)].length, 1);
    });
  }));

/** Counts the files that are read of the stages of a run. */
class CountingStore implements Pick<RunStore, "finished"> {
  readonly reads: string[] = [];
  readonly #store: RunStore;

  constructor(out: string) {
    this.#store = new RunStore(runFolder(out));
  }

  async finished(stage: string): Promise<VerifiedFolder | undefined> {
    const finished = await this.#store.finished(stage);
    return finished && new CountingFolder(finished, (name) => this.reads.push(`${stage}/${name}`));
  }
}

class CountingFolder extends VerifiedFolder {
  readonly #read: (name: string) => void;

  constructor({ folder, manifest, cache }: VerifiedFolder, read: (name: string) => void) {
    super(folder, manifest, cache);
    this.#read = read;
  }

  override async read(name: string): Promise<Uint8Array> {
    this.#read(name);
    return await super.read(name);
  }
}

type Get = (address: string) => Promise<string>;

/** Asks as a browser does that has opened the printed address. */
async function visitor({ address, origin }: StudioProcess): Promise<Get> {
  const entered = await fetch(address);
  await entered.body?.cancel();
  const [cookie] = (entered.headers.get("set-cookie") ?? "").split(";");
  return async (path) => {
    const response = await fetch(new URL(path, origin), { headers: { cookie } });
    const text = await response.text();
    assertEquals(response.status, 200, `${path}: ${text}`);
    return text;
  };
}

/** What a page and all those after it list, none of it twice, and none of them more than fits. */
async function pages(get: Get, address: string, item: RegExp, most: number): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | undefined = address; next !== undefined;) {
    const markup: string = await get(next);
    const items = [...markup.matchAll(item)].map(([, name]) => name);
    assert(items.length > 0 && items.length <= most, `${next} lists ${items.length}`);
    found.push(...items);
    const [, more] = /data-more="([^"]*)"/.exec(markup) ?? [];
    assertNotEquals(more?.replaceAll("&amp;", "&"), next);
    next = more?.replaceAll("&amp;", "&");
  }
  assertEquals(new Set(found).size, found.length);
  return found;
}

/** Numbers from 1 that have a 7 in them. */
function withA7(count: number): number {
  return Array.from({ length: count }, (_, k) => String(k + 1)).filter((name) => name.includes("7")).length;
}
