import { fromFileUrl } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));
const TAG = "cats-or-dogs:test";

interface Answer {
  readonly success: boolean;
  readonly said: string;
}

async function docker(...args: string[]): Promise<Answer> {
  try {
    const { success, stdout, stderr } = await new Deno.Command("docker", { args, cwd: ROOT }).output();
    return { success, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return { success: false, said: "there is no program docker" };
    throw thrown;
  }
}

/** Why no container can be built here, for the test's name; `""` where one can. */
async function noContainers(): Promise<string> {
  const [, image] = /^FROM (\S+)/m.exec(await Deno.readTextFile(`${ROOT}Dockerfile`)) ?? ["", ""];
  for (const words of [["info", "--format", "{{.ServerVersion}}"], ["pull", "--quiet", image]]) {
    const { success, said } = await docker(...words);
    if (!success) return ` (ignored: docker ${words[0]}: ${said.trim().split("\n").at(-1)})`;
  }
  return "";
}

const reason = await noContainers();

Deno.test({
  name: `the Dockerfile's image runs the pipeline without a network, as no root${reason}`,
  ignore: reason !== "",
  async fn() {
    const built = await docker("build", "--tag", TAG, ".");
    assertEquals(built.success, true, built.said);
    try {
      const user = await docker("run", "--rm", "--network", "none", "--entrypoint", "id", TAG, "-u");
      assertEquals(user.said.trim() !== "0", true, user.said);
      const ran = await docker("run", "--rm", "--network", "none", TAG, "pipeline", "--backend", "onnx");
      assertEquals(ran.success, true, ran.said);
      assertStringIncludes(ran.said, "runs/sample/predict/submission.csv");
    } finally {
      await docker("image", "rm", "--force", TAG);
    }
  },
});
