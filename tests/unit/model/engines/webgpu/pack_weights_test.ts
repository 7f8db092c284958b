import { HalfOverflow } from "../../../../../model/engines/webgpu/half_overflow.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { channelPlaces, groupsOf } from "../../../../../model/engines/webgpu/plan/channel_layout.ts";
import { packChannels, packKernel, stored } from "../../../../../model/engines/webgpu/pack_weights.ts";

Deno.test("channelPlaces() fills each run up to whole groups of four", () => {
  assertEquals([...channelPlaces([3, 5, 4])], [0, 1, 2, 4, 5, 6, 7, 8, 12, 13, 14, 15]);
  assertEquals(groupsOf([3, 5, 4]), 4);
});

Deno.test("packKernel() puts tap before input before output channel, zeros between the runs", () => {
  // Two outputs, three inputs in two runs, a window of 1x2: weight 100 o + 10 i + tap.
  const data = Float32Array.from(
    { length: 12 },
    (_, k) => 100 * Math.floor(k / 6) + 10 * (Math.floor(k / 2) % 3) + k % 2 + 1,
  );
  const packed = packKernel({ shape: [2, 3, 1, 2], data }, [1, 2], [2]);
  const rowAt = (tap: number, from: number) => [...packed.subarray((tap * 8 + from) * 4, (tap * 8 + from + 1) * 4)];
  assertEquals(packed.length, 2 * 8 * 4);
  assertEquals(rowAt(0, 0), [1, 101, 0, 0]);
  assertEquals(rowAt(1, 0), [2, 102, 0, 0]);
  assertEquals(rowAt(0, 1), [0, 0, 0, 0]);
  assertEquals(rowAt(0, 4), [11, 111, 0, 0]);
  assertEquals(rowAt(1, 5), [22, 122, 0, 0]);
});

Deno.test("packChannels() puts each channel at its place", () => {
  assertEquals([...packChannels(Float32Array.of(1, 2, 3), [1, 2])], [1, 0, 0, 0, 2, 3, 0, 0]);
});

Deno.test("stored() refuses what 16 bits cannot hold, and names it", () => {
  assertEquals(stored(Float32Array.of(65504), "f16", "a kernel").byteLength, 2);
  assertThrows(
    () => stored(Float32Array.of(1, -65505), "f16", "the weights of conv1"),
    HalfOverflow,
    "Cannot compute in 16 bits: expected values up to 65504, got others in the weights of conv1",
  );
  assertThrows(() => stored(Float32Array.of(1, NaN), "f16", "a kernel"), HalfOverflow);
  assertEquals(stored(Float32Array.of(65505), "f32", "a kernel").byteLength, 4);
});
