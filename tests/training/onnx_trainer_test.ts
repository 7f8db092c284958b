import { createOnnxTrainer } from "../../model/training/onnx_trainer.ts";
import { checkGoldenFineTuning } from "./golden_fine_tune.ts";
import { checkGoldenHead } from "./golden_head.ts";

Deno.test("createOnnxTrainer() trains a head as PyTorch does", () => checkGoldenHead(createOnnxTrainer, 1e-5));

Deno.test("createOnnxTrainer() fine-tunes as PyTorch does", () => checkGoldenFineTuning(createOnnxTrainer, 1e-4));
