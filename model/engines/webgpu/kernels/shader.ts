/** How activations and kernels are stored; sums are always taken in 32 bits. */
export type Precision = "f16" | "f32";

/** The bytes of four stored channels. */
export function groupBytes(precision: Precision): number {
  return precision === "f16" ? 8 : 16;
}

/** Workgroups in each dimension. */
export type Grid = readonly [x: number, y: number, z: number];

/** What every kernel knows: how values are stored, and how many photos this batch has. */
const COMMON = `struct Batch { photos: u32 }
@group(0) @binding(0) var<uniform> batch: Batch;
`;

/** The binding of the flag that a kernel sets which has a value that 16 bits do not hold. */
export const OVERFLOW_BINDING = 6;

/**
 * Sets the flag for a value beyond 65,504, infinity or no number. It is told by its bits, since compilers may take for
 * granted that floats are finite; and before a ReLU, whose maximum makes a zero of what is no number. The flag is a
 * batch's own, and its bits are 0 before the first dispatch.
 */
const NOTE_OVERFLOW = `@group(0) @binding(${OVERFLOW_BINDING}) var<storage, read_write> overflow: atomic<u32>;
fn magnitude(value: vec4<f32>) -> vec4<u32> {
  return bitcast<vec4<u32>>(value) & vec4<u32>(0x7fffffff);
}
fn note_magnitude(bits: vec4<u32>) {
  if (any(bits > vec4<u32>(0x477fe000))) { atomicStore(&overflow, 1u); }
}
fn note(value: vec4<f32>) {
  note_magnitude(magnitude(value));
}
`;
const NOTE_NOTHING = "fn note(value: vec4<f32>) {}\n";

/**
 * The beginning of a shader: the type `Stored` of four channels in memory, `note`, which is told of each value to be
 * stored, and constants. Extents are constants so that a driver can turn divisions by them into multiplications, and unroll.
 * @param constants whole numbers that are not negative.
 */
export function shaderHeader(precision: Precision, constants: Readonly<Record<string, number>>): string {
  const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;`);
  const [enable, note] = precision === "f16" ? ["enable f16;\n", NOTE_OVERFLOW] : ["", NOTE_NOTHING];
  return `${enable}alias Stored = vec4<${precision}>;\n${COMMON}${note}${lines.join("\n")}\n`;
}

/** Invocations in a workgroup of the kernels that compute one element each. */
export const ELEMENT_WORKGROUP = 64;

/** Numbers the invocations of a grid (see `elementGrid`). */
const ELEMENT_MAIN = `
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  element((workgroup.y * workgroups.x + workgroup.x) * ${ELEMENT_WORKGROUP}u + local);
}
`;

/**
 * A shader that calls `element` once for each number from 0 up. The grid's last workgroup goes beyond the last element:
 * the function has to return there.
 * @param source defines `fn element(index: u32)`, by the constants.
 */
export function elementShader(
  source: string,
  precision: Precision,
  constants: Readonly<Record<string, number>>,
): string {
  return shaderHeader(precision, constants) + source + ELEMENT_MAIN;
}

/** WebGPU's least limit on workgroups in one dimension. */
export const LARGEST_GRID = 65535;

/** Workgroups for so many invocations, in two dimensions where one does not hold them. */
export function elementGrid(invocations: number): Grid {
  const groups = Math.ceil(invocations / ELEMENT_WORKGROUP);
  const columns = Math.min(groups, LARGEST_GRID);
  return [columns, Math.ceil(groups / columns), 1];
}
