import { square } from "../conv2d.ts";
import type { Window } from "../layers.ts";

/** The windows that convolutions in the blocks use: stride 1 keeps the size, stride 2 (`/2`) takes no padding. */
export const BRANCH_KERNELS = {
  "1x1": square(1),
  "3x3": square(3, 1, 1),
  "5x5": square(5, 1, 2),
  "1x3": { kernel: [1, 3], stride: [1, 1], padding: [0, 1] },
  "3x1": { kernel: [3, 1], stride: [1, 1], padding: [1, 0] },
  "1x7": { kernel: [1, 7], stride: [1, 1], padding: [0, 3] },
  "7x1": { kernel: [7, 1], stride: [1, 1], padding: [3, 0] },
  "3x3/2": square(3, 2),
} as const satisfies Record<string, Window>;

/** torchvision's name inside the block, output channels at width 1, window. */
export type BranchConvolution = readonly [name: string, channels: number, window: keyof typeof BRANCH_KERNELS];

/** The pools that a branch can start with, all 3x3: stride 1 with padding, or stride 2 (`/2`) without. */
export type BranchPool = "average_pool" | "max_pool" | "max_pool/2";

/** Convolutions that read the same value; their outputs stand side by side. */
export interface Fork {
  readonly fork: readonly BranchConvolution[];
}

/** Steps one after another; only the last may fork. */
export type Branch = readonly (BranchConvolution | BranchPool | Fork)[];

/** Branches that read the same value and whose outputs are concatenated in this order. */
export interface InceptionBlock {
  readonly name: string;
  readonly branches: readonly Branch[];
}

/** The blocks between the stem and the pooled features, at width 1. */
export function inceptionV3Blocks(lastPool: "average_pool" | "max_pool"): InceptionBlock[] {
  return [
    { name: "Mixed_5b", branches: inceptionA(32) },
    { name: "Mixed_5c", branches: inceptionA(64) },
    { name: "Mixed_5d", branches: inceptionA(64) },
    { name: "Mixed_6a", branches: INCEPTION_B },
    { name: "Mixed_6b", branches: inceptionC(128) },
    { name: "Mixed_6c", branches: inceptionC(160) },
    { name: "Mixed_6d", branches: inceptionC(160) },
    { name: "Mixed_6e", branches: inceptionC(192) },
    { name: "Mixed_7a", branches: INCEPTION_D },
    { name: "Mixed_7b", branches: inceptionE("average_pool") },
    { name: "Mixed_7c", branches: inceptionE(lastPool) },
  ];
}

function inceptionA(poolChannels: number): Branch[] {
  return [
    [["branch1x1", 64, "1x1"]],
    [["branch5x5_1", 48, "1x1"], ["branch5x5_2", 64, "5x5"]],
    [["branch3x3dbl_1", 64, "1x1"], ["branch3x3dbl_2", 96, "3x3"], ["branch3x3dbl_3", 96, "3x3"]],
    ["average_pool", ["branch_pool", poolChannels, "1x1"]],
  ];
}

const INCEPTION_B: readonly Branch[] = [
  [["branch3x3", 384, "3x3/2"]],
  [["branch3x3dbl_1", 64, "1x1"], ["branch3x3dbl_2", 96, "3x3"], ["branch3x3dbl_3", 96, "3x3/2"]],
  ["max_pool/2"],
];

function inceptionC(channels: number): Branch[] {
  return [
    [["branch1x1", 192, "1x1"]],
    [["branch7x7_1", channels, "1x1"], ["branch7x7_2", channels, "1x7"], ["branch7x7_3", 192, "7x1"]],
    [
      ["branch7x7dbl_1", channels, "1x1"],
      ["branch7x7dbl_2", channels, "7x1"],
      ["branch7x7dbl_3", channels, "1x7"],
      ["branch7x7dbl_4", channels, "7x1"],
      ["branch7x7dbl_5", 192, "1x7"],
    ],
    ["average_pool", ["branch_pool", 192, "1x1"]],
  ];
}

const INCEPTION_D: readonly Branch[] = [
  [["branch3x3_1", 192, "1x1"], ["branch3x3_2", 320, "3x3/2"]],
  [
    ["branch7x7x3_1", 192, "1x1"],
    ["branch7x7x3_2", 192, "1x7"],
    ["branch7x7x3_3", 192, "7x1"],
    ["branch7x7x3_4", 192, "3x3/2"],
  ],
  ["max_pool/2"],
];

function inceptionE(pool: "average_pool" | "max_pool"): Branch[] {
  return [
    [["branch1x1", 320, "1x1"]],
    [["branch3x3_1", 384, "1x1"], { fork: [["branch3x3_2a", 384, "1x3"], ["branch3x3_2b", 384, "3x1"]] }],
    [
      ["branch3x3dbl_1", 448, "1x1"],
      ["branch3x3dbl_2", 384, "3x3"],
      { fork: [["branch3x3dbl_3a", 384, "1x3"], ["branch3x3dbl_3b", 384, "3x1"]] },
    ],
    [pool, ["branch_pool", 192, "1x1"]],
  ];
}
