/** Kinds of what lies among photos and is left out, in the order in which they are told. */
export const LEFT_OUT_KINDS = [
  "video",
  "raw",
  "bmp",
  "jxl",
  "svg",
  "pdf",
  "picture",
  "archive",
  "link",
  "replaced",
  "hidden",
  "system",
  "other",
  "emptyFolder",
] as const;
export type LeftOutKind = (typeof LEFT_OUT_KINDS)[number];

/** One of a kind, and several, in words. */
export const LEFT_OUT_WORDS: Readonly<Record<LeftOutKind, readonly [one: string, several: string]>> = {
  video: ["video", "videos"],
  raw: ["camera's raw file", "camera's raw files"],
  bmp: ["BMP picture", "BMP pictures"],
  jxl: ["JPEG XL picture", "JPEG XL pictures"],
  svg: ["SVG drawing", "SVG drawings"],
  pdf: ["PDF", "PDFs"],
  picture: ["picture of another format", "pictures of other formats"],
  archive: ["zip or other archive", "zips or other archives"],
  link: ["link to a photo that is taken", "links to photos that are taken"],
  replaced: ["entry that another of its name replaces", "entries that others of their name replace"],
  hidden: ["hidden file", "hidden files"],
  system: ["file of the system's", "files of the system's"],
  other: ["other file", "other files"],
  emptyFolder: ["empty folder", "empty folders"],
};

/** Kinds that show something, and would be taken if they were saved as photos. */
export const CONVERTIBLE_KINDS: readonly LeftOutKind[] = ["raw", "bmp", "jxl", "svg", "pdf", "picture"];

const PHOTO = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif|heic|heif|hif)$/i;

const NAMES: readonly (readonly [kind: LeftOutKind, name: RegExp])[] = [
  ["video", /\.(mov|mp4|m4v|avi|mkv|webm|3gp|3g2|mts|m2ts|mpe?g|wmv|flv|ogv)$/i],
  ["raw", /\.(dng|cr2|cr3|crw|nef|nrw|arw|srf|sr2|orf|rw2|raf|pef|srw|x3f|3fr|erf|kdc|dcr|mrw|rwl|iiq|raw)$/i],
  ["bmp", /\.(bmp|dib)$/i],
  ["jxl", /\.jxl$/i],
  ["svg", /\.svgz?$/i],
  ["pdf", /\.pdf$/i],
  ["picture", /\.(jp2|j2k|jpf|jpx|psd|psb|xcf|ico|icns|tga|exr|hdr|ppm|pgm|pbm|pnm|eps|ai|emf|wmf|pcx|dds|qoi)$/i],
  ["archive", /\.(zip|rar|7z|tar|gz|tgz|bz2|xz|zst)$/i],
];

/** What systems leave behind: folders' settings, thumbnails, and macOS's resource forks. */
const SYSTEM_NAME = /^(\._.*|\.ds_store|\.localized|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r)$/i;
const SYSTEM_FOLDER =
  /^(__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information|\.(Spotlight-V100|Trashes|fseventsd))$/i;

/**
 * What a file is by its path (parts separated by `/`): a photo, by its extension, or something that is left out.
 * What a photo's content really is, its first bytes say when it is read.
 */
export function fileKind(path: string): "photo" | LeftOutKind {
  const parts = path.split("/");
  const name = parts[parts.length - 1];
  if (SYSTEM_NAME.test(name) || parts.some((part) => SYSTEM_FOLDER.test(part))) return "system";
  if (parts.some((part) => part.startsWith("."))) return "hidden";
  if (PHOTO.test(name)) return "photo";
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}
