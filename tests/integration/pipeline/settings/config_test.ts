import { join } from "@std/path";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { CONFIG_FILE, configOf, DEFAULT_SETTINGS, writeSettings } from "../../../../pipeline/settings/config.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { inFolder } from "../in_folder.ts";

const LONG_AGO = new Date(2001, 1, 1);

Deno.test("writeSettings() marks settings that stay as used now, and not what a link in their place leads to", () =>
  inFolder(async (folder) => {
    const run = new StageFolder(runFolder(join(folder, "run")));
    await writeSettings(DEFAULT_SETTINGS, run);
    await Deno.utime(run.path(CONFIG_FILE), LONG_AGO, LONG_AGO);
    await writeSettings(DEFAULT_SETTINGS, run);
    assertNotEquals((await Deno.stat(run.path(CONFIG_FILE))).mtime, LONG_AGO);
    const theirs = join(folder, "theirs.json");
    await Deno.rename(run.path(CONFIG_FILE), theirs);
    await Deno.utime(theirs, LONG_AGO, LONG_AGO);
    await Deno.symlink(theirs, run.path(CONFIG_FILE));
    await writeSettings(DEFAULT_SETTINGS, run);
    assertEquals((await Deno.stat(theirs)).mtime, LONG_AGO);
  }));

Deno.test("configOf() opens the settings of a run that was made when its recipe had an earlier name", async () => {
  for (const [earlier, now] of [["seed", "writeup"], ["blocks", "linear-probe"]] as const) {
    const { recipe, hyperparameters } = await configOf({ ...DEFAULT_SETTINGS, recipe: earlier }, "run");
    assertEquals([recipe, hyperparameters], [now, RECIPES[now]]);
  }
});

Deno.test("configOf() refuses a recipe that there is none of", async () => {
  const { message } = await assertRejects(
    () => configOf({ ...DEFAULT_SETTINGS, recipe: "toString" }, "run"),
    UserError,
  );
  assertEquals(
    message.startsWith("Cannot use recipe toString: expected one of linear-probe, writeup, "),
    true,
    message,
  );
});
