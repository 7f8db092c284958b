import { trainingProgram } from "../model/training/training_program.ts";
import { planGraph } from "../model/engines/webgpu/training/plan/graph_plan.ts";
import { fusedShader } from "../model/engines/webgpu/training/kernels/fused_shader.ts";
import { sizeOf } from "../model/tensor.ts";
import { tinyFineTuning } from "./integration/model/training/golden_fine_tune.ts";
import { FUSED_BACKBONES, fusionHead } from "../model/networks/fused/fusion_net.ts";
import { inceptionV3 } from "../model/networks/backbones/inception_v3.ts";
import { partOf } from "../model/networks/network.ts";
import { resnet50 } from "../model/networks/backbones/resnet50.ts";
const networks = [resnet50({ strideIn: "1x1" }), inceptionV3({ countPadding: false, lastPool: "max" })];
const parts = FUSED_BACKBONES.map(({ prefix, cutPoint }, k) => ({ prefix, network: partOf(networks[k], cutPoint, "features") }));
const full = { head: fusionHead(4096), tuned: parts, momentum: .9, batchSize: 16 };
const spec = Deno.args[0] === "full" ? full : Deno.args[0] === "head" ? { ...full, tuned: [] } : (await tinyFineTuning()).spec;
console.log(spec.batchSize);
const t = performance.now();
const plan = planGraph(trainingProgram(spec).step);
console.log("kernels", plan.kernels.length, "temporaries", plan.temporaries.length, plan.temporaries.reduce((a,b)=>a+b,0)*4/1e6, "MB; copies", plan.copies.length, (performance.now()-t).toFixed(), "ms");
const codes = new Set<string>();
for (const k of plan.kernels) {
  const { code } = fusedShader(k, plan.views, (h) => h, { workgroupBytes: 32768, threads: 1024 });
  let extra = "";
  if (k.root?.operation.kind === "matMul") { const { a, transposeA, transposeB } = k.root.operation; const d = a.shape.at(transposeA ? -2 : -1)!; extra = `${Number(transposeA)}${Number(transposeB)} depth ${d} MACs ${(sizeOf(k.root.shape) * d / 1e6).toFixed(2)}M`; }
  console.log(codes.has(code) ? "same" : "new ", k.root?.operation.kind ?? "-", (k.root ?? k.members[0]).shape.join("x"), extra, k.members.map((m) => m.operation.kind).join(","), `inlined ${k.inlined.size}`, "stored", k.stored.length, "reads", k.reads.length, "gathers", k.gathers.length);
  codes.add(code);
}
console.log("distinct", codes.size);
