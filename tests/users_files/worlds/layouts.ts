import fc from "fast-check";
import { command, exportCommand, work } from "../commands/commands.ts";
import { PHOTOS } from "./photos.ts";
import { elsewhere, inARun, oftenOf, place, run, SPOTS, spots, strangerIn } from "./places.ts";
import { type Layout, type Step, STORIES } from "../steps.ts";
import type { Stranger } from "./strangers.ts";

const putIn = (at: fc.Arbitrary<string>): fc.Arbitrary<Step> =>
  fc.record({ does: fc.constant("put"), stranger: strangerIn(at) });
const finishedRun: fc.Arbitrary<Step> = fc.record({
  does: fc.constant("finished run"),
  at: run,
  story: fc.constantFrom(...STORIES),
});
const smallSample: fc.Arbitrary<Step> = fc.record({
  does: fc.constant("small sample"),
  at: oftenOf([1, fc.constantFrom("small", `${SPOTS[0]}/small`)], [2, place]),
  seed: fc.constantFrom(0, 1),
  stopAfter: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});
const weights: fc.Arbitrary<Step> = fc.record({
  does: fc.constant("weights"),
  from: fc.constantFrom("backbones", "nothing", "wrong backbones"),
});
const review: fc.Arbitrary<Step> = fc.record({ does: fc.constant("review"), run });

const studio: fc.Arbitrary<Step> = fc.record({ does: fc.constant("studio"), run });

const putInsteadOfDrawn: fc.Arbitrary<Step> = fc.record({
  does: fc.constant("put instead"),
  stranger: strangerIn(oftenOf([2, place], [1, fc.constant("small")]).map((at) => `${at}/train`)).map((stranger) => ({
    ...stranger,
    name: "cat.0.jpg",
  })),
});

/** Up to three things of the user's that come to lie somewhere. */
const putsIn = (at: fc.Arbitrary<string>) => fc.array(putIn(at), { maxLength: 3 });
const steps = (...parts: fc.Arbitrary<Step[]>[]): fc.Arbitrary<Step[]> =>
  fc.tuple(...parts).map((parts) => parts.flat());
const one = (step: fc.Arbitrary<Step>) => step.map((step) => [step]);

/** What belongs together: the user puts something between two commands that have to do with each other. */
const chapter = oftenOf<Step[]>(
  [6, one(command)],
  [6, steps(one(work), putsIn(inARun), one(work))],
  [8, steps(one(finishedRun), putsIn(inARun), fc.array(review, { maxLength: 1 }), one(work))],
  [3, steps(one(finishedRun), putsIn(inARun), one(studio))],
  [3, steps(one(finishedRun), putsIn(oftenOf([1, inARun], [3, place])), one(exportCommand))],
  [2, steps(one(smallSample), putsIn(sampleFolder()), one(smallSample))],
  [1, steps(one(smallSample), one(putInsteadOfDrawn), one(smallSample))],
  [1, steps(putsIn(fc.constant("weights/full")), one(weights))],
);

function sampleFolder(): fc.Arbitrary<string> {
  return fc.tuple(oftenOf([2, place], [1, fc.constant("small")]), fc.constantFrom("", "/train", "/test")).map((parts) =>
    parts.join("")
  );
}

/** Made-up worlds, simplest first. */
export const layouts: fc.Arbitrary<Layout> = fc.record({
  spots,
  photos: fc.constantFrom(...PHOTOS),
  strangers: fc.array(strangerIn(oftenOf([9, elsewhere], [1, inARun])), { maxLength: 4 }),
  steps: fc.array(chapter, { minLength: 1, maxLength: 2 }).map((chapters) => chapters.flat()),
}).map(atSpots);

/** The same layout with its spots in their places. */
function atSpots({ spots, photos, strangers, steps }: Layout & { readonly spots: readonly string[] }): Layout {
  const placed = (text: string) => SPOTS.reduce((text, spot, k) => text.replace(spot, spots[k]), text);
  const stranger = (each: Stranger): Stranger => ({ ...each, at: placed(each.at) });
  const step = (each: Step): Step => {
    if (each.does === "command") return { ...each, words: each.words.map(placed) };
    if (each.does === "put" || each.does === "put instead") return { ...each, stranger: stranger(each.stranger) };
    if (each.does === "review" || each.does === "studio") return { ...each, run: placed(each.run) };
    return each.does === "weights" ? each : { ...each, at: placed(each.at) };
  };
  return { photos, strangers: strangers.map(stranger), steps: steps.map(step) };
}
