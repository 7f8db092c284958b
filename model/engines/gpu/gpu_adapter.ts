/** A graphics adapter that WebGPU found. */
export interface GpuAdapter {
  readonly adapter: GPUAdapter;
  /** The adapter's own name. */
  readonly description: string;
  /** Whether it computes on the CPU (llvmpipe, SwiftShader, WARP), far slower than a library made for the CPU. */
  readonly isSoftware: boolean;
}

/** The fastest adapter, or nothing where there is none. */
export async function findGpuAdapter(): Promise<GpuAdapter | undefined> {
  giveMesaARuntimeFolder();
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) return undefined;
  const { description, vendor, architecture, device, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture, device].filter(Boolean).join(" ") || "an adapter without a name";
  return { adapter, description: name, isSoftware: isFallbackAdapter || isSoftwareName(name) };
}

/**
 * Mesa's drivers look for a display even when they only compute, and print errors where `XDG_RUNTIME_DIR` is not set,
 * as in containers. Any folder will do: nothing is put there. A browser has no Deno, and sees to its drivers itself.
 */
function giveMesaARuntimeFolder(): void {
  if (!("Deno" in globalThis) || Deno.build.os !== "linux" || Deno.env.has("XDG_RUNTIME_DIR")) return;
  Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
}

/** Software adapters by name, for drivers that do not call themselves a fallback. */
export function isSoftwareName(description: string): boolean {
  return /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b/i.test(description);
}

/** The limits that large activations and fast kernels run into, left at WebGPU's small defaults unless asked for. */
const RAISED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;
/** What makes kernels faster or measurable where an adapter has it. */
const WANTED_FEATURES = ["shader-f16", "timestamp-query"] as const;

/** A device with everything that the adapter can give of what computing needs. */
export function requestGpuDevice({ adapter }: GpuAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((name) => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
}
