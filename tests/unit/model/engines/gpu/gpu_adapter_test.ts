import { assertEquals } from "@std/assert";
import { isSoftwareName } from "../../../../../model/engines/gpu/gpu_adapter.ts";

Deno.test("isSoftwareName() knows the drivers that compute on the CPU", () => {
  for (
    const name of [
      "llvmpipe (LLVM 15.0.6, 256 bits)",
      "SwiftShader Device (Subzero)",
      "Google SwiftShader",
      "Microsoft Basic Render Driver",
    ]
  ) {
    assertEquals(isSoftwareName(name), true, name);
  }
});

Deno.test("isSoftwareName() takes graphics cards for hardware", () => {
  for (const name of ["NVIDIA H100 80GB HBM3", "Apple M3 Pro", "AMD Radeon RX 7900 XTX", "Intel(R) Arc(TM) A770"]) {
    assertEquals(isSoftwareName(name), false, name);
  }
});
