import type { Backbone } from "../../../model/weights/backbone.ts";
import type { Engine } from "../../../model/engines/engine.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import type { Part, StageTools } from "../../runner/stage.ts";
import type { OutputFile } from "../../store/manifest.ts";
import { photoSizes } from "../extract/extracted_batches.ts";
import { FeatureExtractor, featureGroups } from "../extract/feature_extractor.ts";
import { assertFiniteBackbones } from "../extract/finite_activations.ts";
import type { ScannedPhoto } from "../extract/scanned_photos.ts";
import type { SettledPrecision } from "../precision/settle_precision.ts";
import { newWriter } from "../store/shard_names.ts";
import { CachedRows } from "./cached_rows.ts";
import { describedSet, featureSet, rowKey } from "./feature_set.ts";
import { fillRows, type PhotoOfRow } from "./fill_rows.ts";
import { groupsKept } from "./groups_kept.ts";
import { isOfPart, RowClaims } from "./row_claims.ts";
import { verifiedShards } from "./verified_shards.ts";

/** A photo whose features are wanted, under the key by which its row is found. */
export type WantedPhoto = ScannedPhoto & PhotoOfRow;

/** What a run wants of the cache. */
export interface WantedRows {
  /** Labelled ones first. */
  readonly photos: readonly ScannedPhoto[];
  readonly settled: SettledPrecision;
  /** What `groupsBesides` gives of the recipe's groups. */
  readonly besides: readonly string[];
  readonly cutPoints: boolean;
}

/** From so many photos on, an engine may take its time to find out how it is fastest. */
const LONG_JOB = 2000;

/** What computes rows. */
interface ComputedBy {
  readonly engine: Engine;
  /** The floats that the rows' keys say. */
  readonly floats: Engine["precision"];
  readonly backbones: readonly Backbone[];
}

type RowTools = Pick<StageTools, "cache" | "engine" | "backbones" | "weightsHash" | "progress" | "signal" | "say">;

/** The rows of a run's photos in the shared cache: those that are there, and those that are to be computed. */
export class RunRows {
  private constructor(
    /** Every photo with its row's key. */
    readonly photos: readonly WantedPhoto[],
    /** The groups of features that a labelled photo has. */
    readonly groups: readonly FeatureGroup[],
    readonly cached: CachedRows,
    readonly unique: readonly WantedPhoto[],
    /** Whether rows have activations at cut points too. */
    readonly cutPoints: boolean,
    readonly settled: SettledPrecision,
    readonly tools: RowTools & { readonly by: ComputedBy },
  ) {}

  static async open({ photos, settled, besides, cutPoints }: WantedRows, tools: RowTools): Promise<RunRows> {
    const engine = await tools.engine();
    const by = { engine, floats: engine.precision, backbones: await tools.backbones() };
    const groups = featureGroups(by.backbones);
    const set = describedSet(featureSet({
      weights: await tools.weightsHash(),
      engine: by.engine.name,
      numbers: settled.name,
      sizes: photoSizes(by.backbones),
    }));
    const names = { train: groupsKept("train", groups, besides), test: groupsKept("test", groups, besides) };
    const wanted = photos.map((photo): WantedPhoto => {
      const { left, top, width, height } = photo.box;
      const key = rowKey(set.text, photo.sha256, `${left},${top},${width},${height}`);
      return { ...photo, key, groups: names[photo.set], cutPoints };
    });
    const folder = await tools.cache.begin(set.name, set.text);
    // Of photos with the same content the labelled one comes first: it wants all that another does.
    const unique = [...new Map(wanted.toReversed().map((photo) => [photo.key, photo])).values()].toReversed();
    const { takesOthers } = tools.cache;
    const cached = new CachedRows(folder, unique, { writer: newWriter(), takesOthers });
    cached.refresh();
    // Rows that are there were computed with the same weights, which were probed then; ranges say that sums are finite.
    const isKnown = settled.ranges !== undefined || unique.some(({ key }) => cached.has(key));
    if (!isKnown) await assertFiniteBackbones(by.engine, by.backbones);
    return new RunRows(wanted, groups, cached, unique, cutPoints, settled, { ...tools, by });
  }

  /** Photos whose rows are not there: of all, or of one part of the keys. */
  missing(part: Part = { number: 1, of: 1 }): WantedPhoto[] {
    return this.#of(part).filter(({ key }) => !this.cached.has(key));
  }

  /** Counts rows that are wanted, whether or not they are there. */
  count(part: Part): number {
    return this.#of(part).length;
  }

  /**
   * Computes what is missing: of all, or of one part of the keys.
   * @returns how many rows were computed here; `undefined` where the engine went on to other floats, in which all rows are
   * wanted then
   */
  async computeMissing(part?: Part): Promise<number | undefined> {
    const missing = this.missing(part);
    if (missing.length === 0) return 0;
    const { settled, cutPoints, tools: { by: { engine, floats, backbones } }, cached: rows, groups } = this;
    const extractor = await FeatureExtractor.create(engine, backbones, {
      givesCutPoints: cutPoints,
      ranges: settled.ranges?.backbones,
      longJob: missing.length >= LONG_JOB,
    });
    try {
      const extraction = { engine, extractor, backbones };
      const claims = await RowClaims.open(rows.set.below, this.tools.cache);
      return await fillRows(missing, { rows, claims, extraction, floats, groups }, this.tools);
    } finally {
      await extractor.close();
    }
  }

  /**
   * Computes what is missing, and reads all shards once: rows of damaged ones are missing then, and are computed.
   * @returns how many rows were computed here, and the files that hold them all; `undefined` as by `computeMissing`
   */
  async complete(): Promise<{ readonly computed: number; readonly shared: readonly OutputFile[] } | undefined> {
    let computed = 0;
    let shared = this.missing().length < this.unique.length ? await this.#verified() : undefined;
    while (shared === undefined || this.missing().length > 0) {
      const filled = await this.computeMissing();
      if (filled === undefined) return undefined;
      computed += filled;
      shared = await this.#verified();
    }
    return { computed, shared };
  }

  #of(part: Part): WantedPhoto[] {
    return this.unique.filter(({ key }) => isOfPart(key, part));
  }

  async #verified(): Promise<OutputFile[] | undefined> {
    return await verifiedShards(this.cached, this.cutPoints, this.tools.cache, this.tools.signal);
  }
}
