import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { neighbourDistances } from "../../../../model/linear/neighbour_distances.ts";
import { type Tensor, tensor } from "../../../../model/tensor.ts";
import { FUSED_GROUPS } from "../../../../pipeline/features/extract/feature_extractor.ts";
import { namedGroups } from "../../../../pipeline/features/store/feature_groups.ts";
import { FeatureReader } from "../../../../pipeline/features/store/feature_store.ts";
import { readStoredRows } from "../../../../pipeline/features/store/stored_rows.ts";
import { PhotoNeighbours } from "../../../../pipeline/neighbours/photo_neighbours.ts";
import { labelledPhotos, SMALL_GROUPS, storedInMemory } from "../features/stored_in_memory.ts";

const PHOTOS = labelledPhotos(40);
const IDS = PHOTOS.map(({ id }) => id);
const READER = storedInMemory(IDS);
const LABELS_OF = new Map(PHOTOS.map(({ id, label }) => [id, label]));
const labelOf = (id: string) => LABELS_OF.get(id);
const NEVER = new AbortController().signal;

/** As an engine does it. */
const MATMUL = {
  matMulTransposed({ shape: [m, k], data: a }: Tensor, { shape: [n], data: b }: Tensor): Promise<Tensor> {
    const data = new Float32Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) for (let x = 0; x < k; x++) data[i * n + j] += a[i * k + x] * b[j * k + x];
    }
    return Promise.resolve(tensor([m, n], data));
  },
};

Deno.test("the ten nearest photos of all are as far as the rescan says that a photo is from those most like it", async () => {
  const features = await READER.features("train", IDS, FUSED_GROUPS);
  const distances = await neighbourDistances(features, namedGroups(SMALL_GROUPS, FUSED_GROUPS), MATMUL);
  const neighbours = await PhotoNeighbours.load(READER, NEVER);
  for (const [k, id] of IDS.entries()) {
    const nearest = await neighbours.ofStored("train", id, 10, labelOf);
    assert(nearest);
    const all = [...nearest.cat, ...nearest.dog].map(({ distance }) => distance).sort((a, b) => a - b);
    assertAlmostEquals(all.slice(0, 10).reduce((sum, distance) => sum + distance, 0) / 10, distances[k], 1e-4);
    assertEquals([...nearest.cat, ...nearest.dog].some((photo) => photo.id === id), false);
  }
});

Deno.test("a photo is nearest to itself where it is any photo, and photos without a label are passed over", async () => {
  const neighbours = await PhotoNeighbours.load(READER, NEVER);
  const features = await READER.features("train", ["dog.7.jpg"]);
  const nearest = neighbours.of(features, SMALL_GROUPS, 3, labelOf);
  assertEquals([nearest.dog[0].id, nearest.cat.length, nearest.dog.length], ["dog.7.jpg", 3, 3]);
  assertAlmostEquals(nearest.dog[0].distance, 0, 1e-4);
  assert(nearest.dog[1].distance >= nearest.dog[0].distance);
  const others = neighbours.of(features, SMALL_GROUPS, 99, (id) => id === "dog.7.jpg" ? undefined : labelOf(id));
  assertEquals([others.cat.length, others.dog.length], [20, 19]);
});

Deno.test("a photo that was not transformed has no neighbours", async () => {
  const neighbours = await PhotoNeighbours.load(READER, NEVER);
  assertEquals(await neighbours.ofStored("test", "dog.7.jpg", 3, labelOf), undefined);
  assertEquals(await neighbours.ofStored("train", "toString", 3, labelOf), undefined);
});

Deno.test("each shard is read once, however its rows lie among the photos", async () => {
  const read: string[] = [];
  const shards = ["a", "b", "c"];
  const one = await readStoredRows(READER.folder);
  const train = Object.fromEntries(
    Object.entries(one.train).map(([id, [, row]]): [string, [number, number]] => [id, [row % 3, row]]),
  );
  const folder = {
    ...READER.folder,
    read: (name: string) => (read.push(name), READER.folder.read(name)),
    readText: () => Promise.resolve(JSON.stringify({ shards, train, test: {} })),
  };
  const reader = new FeatureReader(folder, READER.index);
  const neighbours = await PhotoNeighbours.load(reader, NEVER);
  assertEquals(read, shards);
  await neighbours.ofStored("train", "dog.7.jpg", 3, labelOf);
  assertEquals(read.length, 3);
});
