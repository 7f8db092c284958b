#!/usr/bin/env bash
# On a machine with a GPU: this project's WebGPU executor beside tfjs's and onnxruntime's, then every layer's cost.
# usage: tests/bench/gpu.sh [options of `deno task bench`, such as --weights DIR or --append]
set -euo pipefail
cd "$(dirname "$0")/../.."

status=0
deno task bench --only backbones,head,finetune --engines onnx,webgpu,tfjs-webgpu,onnxruntime-webgpu --runs 15 "$@" || status=$?
deno run -A tests/bench/webgpu/layers.ts --time
exit "$status"
