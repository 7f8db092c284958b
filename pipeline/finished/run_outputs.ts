import { UntimedFit } from "../classifier/fitted.ts";
import { FeatureIndex } from "../features/store/feature_store.ts";
import { RescannedPhotos } from "../outliers/outliers.ts";
import { FilteredPhotos, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { Predictions } from "../predictions/predicted_photos.ts";
import type { RunStore } from "../store/run_store.ts";
import { LatestOutput } from "./latest_output.ts";

/** What the stages of a run left when they last finished, each read when it is asked for. A run may be under way. */
export class RunOutputs {
  readonly scan;
  readonly trim;
  readonly filter;
  readonly split;
  readonly transform;
  readonly rescan;
  readonly finetune;
  readonly predict;

  constructor(store: Pick<RunStore, "finished">) {
    this.scan = new LatestOutput(store, "scan", ScannedPhotos);
    this.trim = new LatestOutput(store, "trim", TrimmedPhotos);
    this.filter = new LatestOutput(store, "filter", FilteredPhotos);
    this.split = new LatestOutput(store, "split", SplitPhotos);
    this.transform = new LatestOutput(store, "transform", FeatureIndex);
    this.rescan = new LatestOutput(store, "rescan", RescannedPhotos);
    this.finetune = new LatestOutput(store, "finetune", UntimedFit);
    this.predict = new LatestOutput(store, "predict", Predictions);
  }
}
