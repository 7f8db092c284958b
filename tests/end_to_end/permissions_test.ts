import { fromFileUrl } from "@std/path";
import { assertEquals } from "@std/assert";
import { z } from "zod";
import { COMMANDS } from "../../pipeline/commands/options/options.ts";
import { taskFlags } from "./task_flags.ts";

/** What a program that is run as a task is may do. */
async function grantedTo(task: string): Promise<string[]> {
  const script = fromFileUrl(new URL("permissions.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...taskFlags(task), script] }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return z.array(z.string()).parse(JSON.parse(new TextDecoder().decode(stdout)));
}

const LIBRARIES = "libraries of node_modules/";

Deno.test("a task runs no program, reaches no network but for weights, and writes only if it has to", async () => {
  for (const task of Object.keys(COMMANDS)) {
    const expected = task === "weights"
      ? ["network", "write weights/", LIBRARIES]
      : task === "status"
      ? [LIBRARIES]
      : ["write", "write weights/", "HOME", LIBRARIES];
    assertEquals(await grantedTo(task), expected, task);
  }
});
