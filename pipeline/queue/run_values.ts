import type { z } from "zod";
import type { RescannedPhotos } from "../outliers/outliers.ts";
import type { FilteredPhotos, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "../photos/photo.ts";
import type { Predictions } from "../predictions/predicted_photos.ts";

/** What the stages left, as far as they have run; they need not fit together while a run is out of date. */
export interface RunValues {
  readonly scan: z.infer<typeof ScannedPhotos>;
  readonly trim?: z.infer<typeof TrimmedPhotos>;
  readonly filter?: z.infer<typeof FilteredPhotos>;
  readonly split?: SplitPhotos;
  readonly rescan?: z.infer<typeof RescannedPhotos>;
  readonly predict?: Predictions;
}
