#!/usr/bin/env bash
# On a machine with a GPU: whether this project's WebGPU executor computes right there; its times beside tfjs's and
# onnxruntime's, and a whole run; every layer's cost. Needs Node alone: Deno comes from npm.
# usage: tests/bench/gpu.sh [options of `deno task bench`, such as --weights DIR or --append]
set -euo pipefail
cd "$(dirname "$0")/../.."

deno() { npx --yes deno@2.9.6 "$@"; }

# Each part is worth reading whatever became of the others.
status=0
deno run -A tests/bench/webgpu/correctness.ts || status=$?
deno task bench --only backbones,head,finetune,pipeline --engines onnx,webgpu,tfjs-webgpu,onnxruntime-webgpu --runs 15 "$@" || status=$?
deno run -A tests/bench/webgpu/layers.ts --time || status=$?
exit "$status"
