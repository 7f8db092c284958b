import { fromFileUrl, join } from "@std/path";
import { assertEquals } from "@std/assert";

const PAGES = new URL("../../../docs/", import.meta.url);
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** A program that stands in docs/export.md: its language, and what it takes. */
export type Snippet = `${"python" | "js"} ${"photo" | "batches"}`;

/** The python that may have what the programs in Python need: another can be named. */
const PYTHON = Deno.env.get("PYTHON") ?? "python3";

/** Whether Python is here and has packages. */
export function pythonHas(...packages: readonly string[]): boolean {
  try {
    return new Deno.Command(PYTHON, { args: ["-c", `import ${packages}`], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  }
}

/** Runs a program in Python in a folder; it must end well. */
export function runPython(program: string, words: readonly string[], folder: string): Promise<string> {
  return output(PYTHON, ["-c", program, ...words], folder);
}

/**
 * Runs a program straight from the page in the folder of an export, as somebody would who copied it.
 * @returns P(dog) of each photo, in their order
 */
export async function runSnippet(snippet: Snippet, photos: readonly string[], folder: string): Promise<number[]> {
  const program = await snippetText("export.md", snippet);
  let printed: string;
  if (snippet.startsWith("python")) {
    printed = await runPython(program, photos, folder);
  } else {
    const file = `${snippet.replace(" ", "_")}.mjs`;
    await Deno.writeTextFile(join(folder, file), program);
    printed = await output(Deno.execPath(), ["run", "-A", "--quiet", "--config", CONFIG, file, ...photos], folder);
    await Deno.remove(join(folder, file));
  }
  const lines = printed.trimEnd().split("\n").map((line) => line.split(" "));
  assertEquals(lines.map(([, ...path]) => path.join(" ")), photos);
  return lines.map(([pDog]) => Number(pDog));
}

/**
 * A block of code of a page in docs/.
 * @param name what stands behind the three backticks
 */
export async function snippetText(page: string, name: string): Promise<string> {
  const [, after] = (await Deno.readTextFile(new URL(page, PAGES))).split(`\n\`\`\`${name}\n`);
  return after.split("\n```")[0];
}

async function output(program: string, args: readonly string[], folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd: folder }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
