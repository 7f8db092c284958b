import { assertEquals } from "@std/assert";
import { pastReason } from "../../../../../pipeline/runner/plan/past_reason.ts";
import { NOT_RUN_YET, staleReason, type Wanted } from "../../../../../pipeline/runner/plan/staleness.ts";
import { fakeManifest } from "../../store/fake_manifest.ts";

/** Every reason that staleness can give, by what is wanted in place of what was. */
function reasons(): string[] {
  const manifest = fakeManifest({
    params: { clip: 0.005 },
    inputs: { split: "a", "the weights": "b" },
    backend: "onnx",
  });
  const same: Wanted = { version: manifest.version, params: manifest.params, inputs: manifest.inputs, backend: null };
  const wanted: Partial<Wanted>[] = [
    { version: manifest.version + 1 },
    { params: { clip: 0 } },
    { inputs: { split: "c", "the weights": "b" } },
    { inputs: { split: "a" } },
    { inputs: { split: null, "the weights": "b" } },
    { backend: "webgpu" },
  ];
  return [NOT_RUN_YET, ...wanted.map((changed) => staleReason(manifest, { ...same, ...changed }) ?? "")];
}

Deno.test("pastReason() puts every reason to run into the past tense", () => {
  const [, version] = /version (\d+) before/.exec(reasons()[1]) ?? [];
  assertEquals(reasons().map(pastReason), [
    "had not run yet",
    `its code had changed (version ${version} before, ${Number(version) + 1} then)`,
    "clip had been 0.005 and became 0",
    "split had changed",
    "nothing used the weights any more",
    "split ran first",
    "had been computed by onnx, and webgpu was asked for",
  ]);
});

Deno.test("pastReason() puts changed outputs and the reason not to run into the past tense", () => {
  assertEquals(
    ["its output a.json is gone", "its output a.json was changed", "nothing changed", "asked for by --force"]
      .map(pastReason),
    ["its output a.json was gone", "its output a.json had been changed", "nothing had changed", "asked for by --force"],
  );
});

Deno.test("pastReason() leaves no present tense", () => {
  for (const reason of reasons()) assertEquals(/\b(is|has|now|runs|yet to)\b/.test(pastReason(reason)), false, reason);
});
