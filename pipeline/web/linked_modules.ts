import { stripTypeScriptTypes } from "node:module";

/** The folder of the project, and of its packages. */
const ROOT = new URL("../../", import.meta.url);
const PACKAGES = /^.*\/node_modules\/(?!.*\/node_modules\/)/;

/** Without types, and with constructors' fields written out, a mode of Deno's that Node's types do not name. */
const withoutTypes: (source: string, options: object) => string = stripTypeScriptTypes;

/** What a module imports or gives on, with what stands around its name; of a text also that it is one. It begins a line, or follows a comment. */
const STATIC =
  /(?<=^|\*\/ )(import\s*|(?:import|export)\b[\w\s{},*$]*\bfrom\s*)"([^"]+)"( with \{\s*type: "text"\s*\})?/gm;
/** What it loads later: packages, and its worker. */
const LATER = /(\bimport\(|new URL\()"([^"]+)"(?=\)|, import\.meta\.url)/g;

/**
 * A module and all that it needs, as files that a browser loads from any server: without types, named `.js`, their
 * imports leading to each other. What they import as text has become a module too.
 * @param entry from the project's folder
 * @returns texts by path; the entry's is the first
 * @throws Error when a module cannot be read.
 */
export async function linkedModules(entry: string): Promise<Map<string, string>> {
  const linked = new Map<string, string>();
  const waiting: Module[] = [{ address: new URL(entry, ROOT), isText: false }];
  for (const module of waiting) {
    const path = pathOf(module);
    if (linked.has(path)) continue;
    const { text, needed } = await link(module);
    linked.set(path, text);
    waiting.push(...needed);
  }
  return linked;
}

interface Module {
  readonly address: URL;
  readonly isText: boolean;
}

async function link(module: Module): Promise<{ readonly text: string; readonly needed: readonly Module[] }> {
  const source = await Deno.readTextFile(module.address);
  if (module.isText) return { text: `export default ${JSON.stringify(source)};\n`, needed: [] };
  const isOurs = module.address.pathname.endsWith(".ts");
  const needed: Module[] = [];
  const linkTo = (name: string, isText = false): string => {
    const address = name.startsWith(".") ? new URL(name, module.address) : new URL(import.meta.resolve(name));
    const other = { address, isText };
    needed.push(other);
    return JSON.stringify(relativePath(pathOf(module), pathOf(other)));
  };
  const text = (isOurs ? withoutTypes(source, { mode: "transform" }) : source)
    .replace(STATIC, (_, before: string, name: string, isText?: string) => before + linkTo(name, isText !== undefined));
  // A package's own way to load more is for where it runs otherwise.
  return {
    text: isOurs ? text.replace(LATER, (_, before: string, name: string) => before + linkTo(name)) : text,
    needed,
  };
}

/** Where a module stands among the linked ones. */
function pathOf({ address, isText }: Module): string {
  const { pathname } = address;
  if (isText) return `${pathname.slice(ROOT.pathname.length)}.js`;
  const path = PACKAGES.test(pathname)
    ? `packages/${pathname.replace(PACKAGES, "")}`
    : pathname.slice(ROOT.pathname.length);
  return path.replace(/\.(ts|mjs|js)$/, ".js");
}

function relativePath(from: string, to: string): string {
  const up = "../".repeat(from.split("/").length - 1);
  return `${up || "./"}${to}`;
}
