import { assert, assertEquals, assertMatch } from "@std/assert";
import { linkedModules } from "../../../../pipeline/web/linked_modules.ts";

/** What stands in the place of a module's name, relative to the module. */
const LED_TO = /^(?:(?:.*\*\/ )?(?:import|export)\b[\w\s{},*$]*?|.*\bimport\(|.*new URL\()"(\.[^"]+)"/gm;

Deno.test("linkedModules() gives the page's program with all that it loads, as a browser of any maker runs it", async () => {
  const modules = await linkedModules("pipeline/web/page/classify.ts");
  assertEquals([...modules.keys()][0], "pipeline/web/page/classify.js");
  assert(modules.has("pipeline/web/computing/classifier_worker.js"));
  assertMatch(modules.get("model/engines/webgpu/kernels/pool.wgsl.js") ?? "", /^export default "/);
  const lost: string[] = [];
  for (const [path, text] of modules) {
    for (const [, name] of text.matchAll(LED_TO)) {
      const to = new URL(name, `http://page/${path}`).pathname.slice(1);
      if (!modules.has(to)) lost.push(`${path} loads ${name}`);
    }
    // What not every browser has, and what none has.
    if (/\b(?:await )?using \w+ =|from "node:|from "zod"/.test(text)) lost.push(`${path} is not for browsers`);
  }
  assertEquals(lost, []);
});
