import type { GpuAdapter } from "../../../../../model/engines/gpu/gpu_adapter.ts";

/** What an adapter is to lack that the one here has. */
export interface Lacking {
  /** Some limits, by name, at lower values. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly without?: readonly GPUFeatureName[];
}

/**
 * An adapter as others are. WebGPU grants its default limits at the least, so that an adapter below them, as old ones
 * are in its compatibility mode, is imitated: its devices tell of the lower limits, and a shader that goes beyond the
 * invocations of a workgroup is refused, which the device here would take.
 */
export function limitedAdapter(found: GpuAdapter, { limits = {}, without = [] }: Lacking): GpuAdapter {
  const { adapter } = found;
  const features = standingIn(adapter.features, {
    has: (name: GPUFeatureName) => !without.includes(name) && adapter.features.has(name),
  });
  const requestDevice = async (asked: GPUDeviceDescriptor) => {
    const device = await adapter.requestDevice(asked);
    Object.defineProperty(device, "limits", { value: standingIn(device.limits, limits) });
    const make = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) =>
      make({ ...descriptor, code: withinLimits(descriptor.code, device.limits) });
    return device;
  };
  return {
    ...found,
    adapter: standingIn(adapter, { features, limits: standingIn(adapter.limits, limits), requestDevice }),
  };
}

/** The same object with some properties at other values. */
function standingIn<T extends object>(real: T, others: Readonly<Record<string, unknown>>): T {
  return new Proxy(real, {
    get(_, name) {
      if (typeof name === "string" && Object.hasOwn(others, name)) return others[name];
      const value: unknown = Reflect.get(real, name);
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
}

/** A shader, or what no device takes in its place. */
function withinLimits(code: string, { maxComputeInvocationsPerWorkgroup: most }: GPUSupportedLimits): string {
  const [, invocations] = /@workgroup_size\((\d+)\)/.exec(code) ?? [];
  return Number(invocations) <= most ? code : `${invocations} invocations are not ${most} at the most`;
}
