import { BackboneDescription } from "../../../../model/weights/backbone_description.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { findBackbones, readBackbone } from "../../../../pipeline/weights/weights_folder.ts";
import {
  readWeightsManifest,
  WEIGHTS_FOLDER,
  type WeightsManifest,
} from "../../../../pipeline/weights/weights_manifest.ts";

const SHARED = fromFileUrl(new URL("../../../../../shared/weights", import.meta.url));
const TINY = fromFileUrl(new URL("../../../golden/weights", import.meta.url));
const MINI = ["mini-resnet50.safetensors", "mini-inception_v3.safetensors"];
const manifest = await readWeightsManifest();

/** Calls with a folder that holds the named files and is removed afterwards. */
async function withFolder(files: Record<string, string | Uint8Array>, use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? await Deno.readFile(join(WEIGHTS_FOLDER, content)) : content;
      await Deno.writeFile(join(folder, name), bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readWeightsManifest() lists the mini files as they are in the repository", async () => {
  for (const { name, bytes, sha256: listed } of manifest.sets.mini.files) {
    const content = await Deno.readFile(join(WEIGHTS_FOLDER, name));
    assertEquals([content.length, sha256(content)], [bytes, listed], name);
  }
});

Deno.test("readWeightsManifest() names what is wrong in a manifest", async () => {
  const broken = new TextEncoder().encode(
    '{ "schema": 1, "sets": { "full": { "folder": "../elsewhere", "files": [] } } }',
  );
  await withFolder({ "manifest.json": broken }, async (folder) => {
    const error = await assertRejects(() => readWeightsManifest(folder), UserError, "sets.full.folder");
    assertEquals(error.message.includes("sets.full.files"), true);
  });
});

Deno.test("findBackbones() and readBackbone() load the mini set", async () => {
  const files = await findBackbones(WEIGHTS_FOLDER, manifest);
  assertEquals(files.map(({ path }) => basename(path)), MINI);
  const [resnet, inception] = await Promise.all(files.map(readBackbone));
  assertEquals([resnet.description.architecture, resnet.description.inputSize], ["resnet50", 112]);
  assertEquals([inception.description.architecture, inception.description.inputSize], ["inception_v3", 147]);
  assertEquals([resnet.weights.size, inception.weights.size], [265, 470]);
});

Deno.test("findBackbones() knows published files by the manifest, and readBackbone() drops what they have besides", async () => {
  const eighth = (index: number): WeightsManifest["sets"][string]["files"][number] => {
    const { description, ...file } = manifest.sets.full.files[index];
    return { ...file, description: description && { ...description, width: 1 / 8 } };
  };
  const tiny: WeightsManifest = { schema: 1, sets: { tiny: { folder: ".", files: [eighth(0), eighth(1)] } } };
  const files = {
    "resnet50.tv_in1k.safetensors": await Deno.readFile(join(TINY, "tiny-resnet50.safetensors")),
    "inception_v3.tv_in1k.safetensors": await Deno.readFile(join(TINY, "tiny-inception_v3.safetensors")),
  };
  await withFolder(files, async (folder) => {
    const backbones = await Promise.all((await findBackbones(folder, tiny)).map(readBackbone));
    assertEquals(backbones.map(({ weights }) => weights.size), [265, 470]);
    assertEquals(backbones[1].description.mean, [0.5, 0.5, 0.5]);
  });
});

Deno.test("findBackbones() says which file is missing and what to do", async () => {
  await withFolder({ [MINI[0]]: MINI[0] }, async (folder) => {
    const error = await assertRejects(
      () => findBackbones(folder, manifest),
      UserError,
      "expected one file for inception_v3",
    );
    assertEquals(error.message.includes("deno task weights"), true);
  });
  await withFolder({}, async (folder) => {
    await assertRejects(() => findBackbones(join(folder, "none"), manifest), UserError, "Cannot read the weights in");
  });
});

Deno.test("findBackbones() says why it passed a file over", async () => {
  const page = new TextEncoder().encode("<html>");
  await withFolder({ [MINI[0]]: MINI[0], "inception.safetensors": page }, async (folder) => {
    const error = await assertRejects(() => findBackbones(folder, manifest), UserError, "got none");
    assertEquals(error.message.includes("inception.safetensors was passed over: Cannot read safetensors"), true);
  });
});

Deno.test("findBackbones() refuses two files of the same width for one backbone", async () => {
  const files = { [MINI[0]]: MINI[0], "copy.safetensors": MINI[0], [MINI[1]]: MINI[1] };
  await withFolder(files, async (folder) => {
    await assertRejects(() => findBackbones(folder, manifest), UserError, "copy.safetensors and ");
  });
});

Deno.test("readBackbone() names the file whose tensors are damaged", async () => {
  const bytes = await Deno.readFile(join(WEIGHTS_FOLDER, MINI[0]));
  bytes.fill(0xff, bytes.length - 64);
  await withFolder({ [MINI[0]]: bytes, [MINI[1]]: MINI[1] }, async (folder) => {
    const [resnet] = await findBackbones(folder, manifest);
    await assertRejects(() => readBackbone(resnet), UserError, "holds a value that is not finite");
  });
});

/** Lays something that is no file under a name. */
const STRANGE: [kind: string, lay: (path: string) => Promise<unknown>][] = [
  ["a named pipe", (path) => new Deno.Command("mkfifo", { args: [path] }).output()],
  ["a named pipe", async (path) => {
    await new Deno.Command("mkfifo", { args: [`${path}.target`] }).output();
    await Deno.symlink(`${path}.target`, path);
  }],
  ["a device", (path) => Deno.symlink("/dev/zero", path)],
  ["a folder", async (path) => {
    await Deno.mkdir(`${path}.target`);
    await Deno.symlink(`${path}.target`, path);
  }],
];

for (const [index, [kind, lay]] of STRANGE.entries()) {
  Deno.test(`findBackbones() passes ${kind} over at once, and readBackbone() refuses it (${index + 1})`, async () => {
    await withFolder({ [MINI[0]]: MINI[0] }, async (folder) => {
      await lay(join(folder, "inception.safetensors"));
      await lay(join(folder, "inception_v3.tv_in1k.safetensors"));
      const { message } = await assertRejects(() => findBackbones(folder, manifest), UserError, "got none");
      for (const name of ["inception.safetensors", "inception_v3.tv_in1k.safetensors"]) {
        assertStringIncludes(message, `${name} was passed over: expected a file, got ${kind}`);
      }
      const [resnet] = await findBackbones(WEIGHTS_FOLDER, manifest);
      const path = join(folder, "inception.safetensors");
      await assertRejects(() => readBackbone({ ...resnet, path }), UserError, `expected a file, got ${kind}`);
    });
  });
}

Deno.test("findBackbones() passes a socket over at once", async () => {
  await withFolder({ [MINI[0]]: MINI[0] }, async (folder) => {
    using _listener = Deno.listen({ transport: "unix", path: join(folder, "inception.safetensors") });
    await assertRejects(() => findBackbones(folder, manifest), UserError, "expected a file, got a socket");
  });
});

Deno.test("findBackbones() passes files over that are too large, before it reads them", async () => {
  await withFolder({ [MINI[0]]: MINI[0] }, async (folder) => {
    const path = join(folder, "inception_v3.tv_in1k.safetensors");
    await Deno.writeFile(path, new Uint8Array(0));
    await Deno.truncate(path, 2 ** 40);
    await assertRejects(
      () => findBackbones(folder, manifest),
      UserError,
      "expected at most 500000000 bytes, got 10995",
    );
    const [resnet] = await findBackbones(WEIGHTS_FOLDER, manifest);
    await assertRejects(() => readBackbone({ ...resnet, path }), UserError, "expected at most 500000000 bytes");
  });
});

Deno.test("findBackbones() names a few of many files that it passed over", async () => {
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, k) => [`${k}.safetensors`, new Uint8Array(3)]));
  await withFolder(files, async (folder) => {
    const { message } = await assertRejects(() => findBackbones(folder, manifest), UserError, "and 492 more");
    assert(message.length < 1500, message);
  });
});

const sharedName = "findBackbones() takes the widest files of a folder with several sets, by their own metadata";
const isShared = await Deno.stat(SHARED).then(() => true, () => false);
Deno.test(isShared ? sharedName : `${sharedName} (needs ../shared/weights)`, { ignore: !isShared }, async () => {
  const [resnet, inception] = await findBackbones(SHARED, manifest);
  assertEquals(basename(resnet.path), "resnet50.keras.safetensors");
  assertEquals(basename(inception.path), "inception_v3.tf2015.safetensors");
  const { untrained, description } = await readBackbone(inception);
  assertEquals(untrained, ["Mixed_7b.branch3x3dbl_2.conv.weight", "Mixed_7c.branch3x3dbl_2.conv.weight"]);
  const read = BackboneDescription.parse(description);
  assertEquals(read.architecture === "inception_v3" && read.lastPool, "max");
});
