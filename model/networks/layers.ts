/** The size of one photo's activation; batches put their extent in front: `[batch, channels, height, width]`. */
export interface ActivationShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A pair of extents, vertical first, as in PyTorch: kernel, stride or padding (the same on both sides). */
export type Pair = readonly [vertical: number, horizontal: number];

/** How a convolution or a pool slides over its input. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

/** A convolution without bias, its batch norm, then the residual (if any) is added, then ReLU (if set). */
export interface ConvolutionRow extends Window {
  readonly kind: "convolution";
  /** torchvision's name of the convolution; its kernel is the tensor `${name}.weight`. */
  readonly name: string;
  /** torchvision's name of the batch norm: `${norm}.weight`, `.bias`, `.running_mean`, `.running_var`. */
  readonly norm: string;
  readonly input: string;
  readonly output: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** The value that is added after the batch norm and before the ReLU. */
  readonly residual?: string;
  readonly relu: boolean;
}

/** A maximum over a window; padding never wins. */
export interface MaxPoolRow extends Window {
  readonly kind: "max_pool";
  readonly input: string;
  readonly output: string;
}

/** A mean over a window; `countPadding` says whether padding counts as zeros or is left out of the mean. */
export interface AveragePoolRow extends Window {
  readonly kind: "average_pool";
  readonly input: string;
  readonly output: string;
  readonly countPadding: boolean;
}

/** Values side by side on the channel axis, in the order given. */
export interface ConcatenateRow {
  readonly kind: "concatenate";
  readonly inputs: readonly string[];
  readonly output: string;
}

/** The mean over height and width: `[batch, channels, height, width]` becomes `[batch, channels]`. */
export interface GlobalAverageRow {
  readonly kind: "global_average";
  readonly input: string;
  readonly output: string;
}

/** One step of a backbone. Values are named, each is written once, and a row reads only what rows before it wrote. */
export type Row = ConvolutionRow | MaxPoolRow | AveragePoolRow | ConcatenateRow | GlobalAverageRow;

/** How bytes become what a network reads: `(byte / 255 - mean) / std`, for red, green and blue. */
export interface Normalisation {
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
}

/** A chain of rows from one named input to the values that someone asks for: a backbone, a part of one, or a head. */
export interface Network {
  /** What it is called in messages: a backbone's name, or `head`. */
  readonly architecture: string;
  /** The value that the first rows read, and its size. */
  readonly input: string;
  readonly inputShape: ActivationShape;
  /** When given, a run takes the photos' bytes (see `PixelBatch`), and the device normalises them. */
  readonly normalisation?: Normalisation;
  readonly rows: readonly Row[];
  /** The last value: the pooled features for a whole backbone. */
  readonly output: string;
  /** The batch norms' epsilon, which belongs to the weights' origin. */
  readonly epsilon: number;
}
