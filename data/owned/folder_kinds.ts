/** What a folder of this program holds, and how it is spoken of. */
export const FOLDER_KINDS = {
  run: { one: "a run", option: "--out", ending: "run" },
  sample: { one: "a drawn sample", option: "--out", ending: "sample" },
  features: { one: "a cache of features", option: "--cache", ending: "features" },
  export: { one: "an export", option: "--to", ending: "onnx" },
  page: { one: "an exported page", option: "--web", ending: "page" },
} as const satisfies Record<string, FolderWords>;
export type FolderKind = keyof typeof FOLDER_KINDS;

interface FolderWords {
  readonly one: string;
  /** The option that names such a folder. */
  readonly option: string;
  /** What a name for another folder ends with. */
  readonly ending: string;
}
