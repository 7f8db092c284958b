import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { PhotoFacts } from "../../../../data/picture/facts/photo_facts.ts";
import { KnownFacts } from "../../../../pipeline/store/known_facts.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { inFolder } from "../in_folder.ts";

/** More photos than are written at once. */
const MANY = 600;

const hash = (digit: string) => digit.repeat(64);
const contents = (count: number) => Array.from({ length: count }, (_, k) => String(k).padStart(64, "0"));
const bytesOf = (content: string) => () => Promise.resolve(new TextEncoder().encode(content));

/** Facts that tell the photo's content; every third has a border. */
function factsOf(content: string): PhotoFacts {
  const size = { width: 100 + Number(content), height: 80 };
  const whole = { left: 0, top: 0, ...size };
  if (Number(content) % 3 > 0) return { ...size, trimmed: whole, trimmedHash: hash("a"), wholeHash: hash("a") };
  const trimmed = { left: 1, top: 2, width: 50, height: 60 };
  return { ...size, trimmed, trimmedHash: hash("b"), wholeHash: hash("c") };
}

/** The facts in a run's folder as a process finds them that begins, with a decoder that writes down what it decodes. */
function opened(root: string) {
  const decoded: string[] = [];
  const decode = async (bytes: Uint8Array) => {
    const content = new TextDecoder().decode(bytes);
    decoded.push(content);
    await Promise.resolve();
    return factsOf(content);
  };
  return { decoded, facts: new KnownFacts(new StageFolder(runFolder(root)), "facts.jsonl", decode) };
}

/** Asks for the facts of photos in a new process and gives those that it decoded. */
async function askFor(root: string, photos: readonly string[]): Promise<string[]> {
  const { facts, decoded } = opened(root);
  for (const content of photos) assertEquals(await facts.of(content, bytesOf(content)), factsOf(content));
  assertEquals(facts.decoded, decoded.length);
  await facts.save();
  return decoded;
}

/** A test over the facts of a few photos that an earlier process found. */
function afterRun(count: number, test: (root: string, path: string, photos: string[]) => Promise<void>) {
  return () =>
    inFolder(async (folder) => {
      const root = join(folder, "run");
      const photos = contents(count);
      assertEquals(await askFor(root, photos), photos);
      await test(root, join(root, "facts.jsonl"), photos);
    });
}

Deno.test(
  "KnownFacts decodes no content twice, in this process or the next, whatever its order",
  afterRun(MANY, async (root, _, photos) => {
    assertEquals(await askFor(root, [...photos, ...photos].reverse()), []);
    assertEquals(await askFor(root, [...photos, ...contents(MANY + 2)]), contents(MANY + 2).slice(MANY));
  }),
);

Deno.test("KnownFacts decodes one of copies that are asked for at once", () =>
  inFolder(async (folder) => {
    const { facts, decoded } = opened(join(folder, "run"));
    const copies = Array.from({ length: 8 }, () => facts.of(hash("1"), bytesOf(hash("1"))));
    assertEquals(new Set((await Promise.all(copies)).map(({ width }) => width)).size, 1);
    assertEquals(decoded, [hash("1")]);
  }));

Deno.test("KnownFacts keeps what it found before it was killed, and writes on where a line broke off", () =>
  inFolder(async (folder) => {
    const root = join(folder, "run");
    const photos = contents(MANY);
    const { facts } = opened(root);
    // It is not asked to save: that is what the killed do.
    for (const content of photos) await facts.of(content, bytesOf(content));
    const path = join(root, "facts.jsonl");
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, '{"photo":{"content":"', { append: true });
    const again = await askFor(root, photos);
    assert(again.length > 0 && again.length < MANY / 2, `decoded ${again.length}`);
    assert((await Deno.readTextFile(path)).startsWith(whole), "what was written stays where it was");
    assertEquals(await askFor(root, photos), []);
  }));

Deno.test(
  "KnownFacts writes on at the end of its file, and not at all when nothing is new",
  afterRun(3, async (root, path) => {
    const [before, { ino }] = [await Deno.readTextFile(path), await Deno.stat(path)];
    await askFor(root, contents(3));
    assertEquals(await Deno.readTextFile(path), before);
    await askFor(root, contents(5));
    assert((await Deno.readTextFile(path)).startsWith(before));
    assertEquals((await Deno.stat(path)).ino, ino);
  }),
);

const EDITS: Record<string, (text: string) => string> = {
  "a digit of a size": (text) => text.replace('"width":101', '"width":107'),
  "a digit of a box": (text) => text.replace('"left":1', '"left":3'),
  "a border that goes": (text) => text.replace(/"trimmed":{[^}]*}[^}]*}/, '"trimmed":null'),
  "a content of another photo": (text) => text.replace(contents(3)[2], contents(9)[8]),
  "a line that is no JSON": (text) => text.replace('{"photo"', "{photo"),
};

for (const [what, edit] of Object.entries(EDITS)) {
  Deno.test(
    `KnownFacts decodes a photo again whose line was damaged (${what}), and no other`,
    afterRun(3, async (root, path, photos) => {
      const text = await Deno.readTextFile(path);
      const damaged = edit(text);
      assert(damaged !== text);
      await Deno.writeTextFile(path, damaged);
      assertEquals((await askFor(root, photos)).length, 1);
      assertEquals(await askFor(root, photos), []);
    }),
  );
}

Deno.test(
  "KnownFacts takes facts of other code, other files and what is no list as none",
  afterRun(3, async (root, path, photos) => {
    const text = await Deno.readTextFile(path);
    const [heading] = text.split("\n");
    const later = heading.replace(/"photoFacts":\d+/, '"photoFacts":900');
    assert(later !== heading);
    const otherDecoder = heading.replace(/"libvips":"[^"]*"/, '"libvips":"0"');
    for (
      const other of [text.replace(heading, later), text.replace(heading, otherDecoder), "", "\n\n", "null\n", "\0"]
    ) {
      await Deno.writeTextFile(path, other);
      assertEquals(await askFor(root, photos), photos);
      assertEquals(await Deno.readTextFile(path), text);
    }
  }),
);

Deno.test(
  "KnownFacts writes through no link and no second name in its place, but its file anew",
  afterRun(3, async (root, path) => {
    const victim = join(root, "../victim.txt");
    for (const [count, put] of [[4, () => Deno.symlink(victim, path)], [5, () => Deno.link(victim, path)]] as const) {
      await Deno.rename(path, victim);
      const before = await Deno.readTextFile(victim);
      await put();
      await askFor(root, contents(count));
      assertEquals(await Deno.readTextFile(victim), before);
      assertEquals((await Deno.lstat(path)).isFile, true);
      await Deno.remove(victim);
      assertEquals(await askFor(root, contents(count)), []);
    }
  }),
);

Deno.test(
  "KnownFacts says in one line that a folder stands in its place",
  afterRun(3, async (root, path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
    const error = await assertRejects(() => askFor(root, contents(3)), UserError, "a folder in its place");
    assert(!error.message.includes("\n"));
  }),
);

Deno.test("KnownFacts remembers nothing of a photo that could not be read or decoded", () =>
  inFolder(async (folder) => {
    const root = join(folder, "run");
    const { facts } = opened(root);
    const gone = () => Promise.reject(new Error("gone"));
    await assertRejects(() => facts.of(hash("1"), gone), Error, "gone");
    await facts.save();
    assertEquals(await askFor(root, [hash("1")]), [hash("1")]);
  }));

Deno.test(
  "KnownFacts.beginAnew() forgets what others found, and not what it found itself",
  afterRun(3, async (root, _, photos) => {
    const { facts, decoded } = opened(root);
    for (let turn = 0; turn < 2; turn++) {
      facts.beginAnew();
      for (const content of photos) await facts.of(content, bytesOf(content));
      await facts.save();
    }
    assertEquals(decoded, photos);
    assertEquals(await askFor(root, photos), []);
  }),
);
