import { testEachEngine } from "../engines/engines_here.ts";
import { checkGoldenFineTuning } from "./golden_fine_tune.ts";
import { checkGoldenHead } from "./golden_head.ts";

testEachEngine(
  (engine) => `Engine.train() trains a head as PyTorch does on ${engine}`,
  (engine) => checkGoldenHead((spec, state) => engine.train(spec, state), 1e-5),
);

testEachEngine(
  (engine) => `Engine.train() fine-tunes as PyTorch does on ${engine}`,
  (engine) => checkGoldenFineTuning((spec, state) => engine.train(spec, state), 1e-4),
);
