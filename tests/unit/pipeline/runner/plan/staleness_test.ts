import { assertEquals } from "@std/assert";
import { staleReason, type Wanted } from "../../../../../pipeline/runner/plan/staleness.ts";
import { fakeManifest } from "../../store/fake_manifest.ts";

const manifest = fakeManifest({
  version: 2,
  params: { seed: 0, train: { epochs: 2, rate: 0.001 } },
  inputs: { scan: "aa", "the weights": "bb" },
  backend: "onnx",
});

const unchanged: Wanted = {
  version: 2,
  params: { seed: 0, train: { epochs: 2, rate: 0.001 } },
  inputs: { scan: "aa", "the weights": "bb" },
  backend: "onnx",
};

Deno.test("staleReason() is undefined where nothing changed", () => {
  assertEquals(staleReason(manifest, unchanged), undefined);
});

Deno.test("staleReason() names both versions", () => {
  assertEquals(staleReason(manifest, { ...unchanged, version: 3 }), "its code changed (version 2 before, 3 now)");
});

Deno.test("staleReason() names the innermost setting that changed, with both values", () => {
  const params = { seed: 0, train: { epochs: 2, rate: 0.002 } };
  assertEquals(staleReason(manifest, { ...unchanged, params }), "rate was 0.001 and is now 0.002");
});

Deno.test("staleReason() takes settings in another order as the same", () => {
  const params = { train: { rate: 0.001, epochs: 2 }, seed: 0 };
  assertEquals(staleReason(manifest, { ...unchanged, params }), undefined);
});

Deno.test("staleReason() names a setting that is new, and one that is gone", () => {
  const added = { seed: 0, train: { epochs: 2, rate: 0.001 }, clip: 0.005 };
  assertEquals(staleReason(manifest, { ...unchanged, params: added }), "clip was null and is now 0.005");
  assertEquals(
    staleReason(manifest, { ...unchanged, params: { train: { epochs: 2, rate: 0.001 } } }),
    "seed was 0 and is now null",
  );
});

Deno.test("staleReason() compares lists and plain settings whole", () => {
  const listed = fakeManifest({ params: { sizes: [1, 2] } });
  const wanted = { version: listed.version, inputs: {}, backend: null };
  assertEquals(staleReason(listed, { ...wanted, params: { sizes: [2, 1] } }), "sizes was [1,2] and is now [2,1]");
  assertEquals(
    staleReason(fakeManifest({ params: 1 }), { ...wanted, params: 2 }),
    "setting was 1 and is now 2",
  );
});

Deno.test("staleReason() names the input that changed", () => {
  const inputs = { scan: "aa", "the weights": "other" };
  assertEquals(staleReason(manifest, { ...unchanged, inputs }), "the weights changed");
});

Deno.test("staleReason() names an input that is new", () => {
  const inputs = { scan: "aa", "the weights": "bb", "the review": "cc" };
  assertEquals(staleReason(manifest, { ...unchanged, inputs }), "the review changed");
});

Deno.test("staleReason() says which stage runs first", () => {
  const inputs = { scan: null, "the weights": "bb" };
  assertEquals(staleReason(manifest, { ...unchanged, inputs }), "scan runs first");
});

Deno.test("staleReason() names an input that is no longer used", () => {
  assertEquals(staleReason(manifest, { ...unchanged, inputs: { scan: "aa" } }), "the weights is no longer used");
});

Deno.test("staleReason() names both engines when another is asked for", () => {
  assertEquals(
    staleReason(manifest, { ...unchanged, backend: "webgpu" }),
    "computed by onnx, and webgpu was asked for",
  );
});

Deno.test("staleReason() takes any engine's result when none is asked for, and where none computed it", () => {
  assertEquals(staleReason(manifest, { ...unchanged, backend: null }), undefined);
  assertEquals(staleReason({ ...manifest, backend: null }, { ...unchanged, backend: "webgpu" }), undefined);
});
