import libheif from "libheif-js/package.json" with { type: "json" };
import sharp from "sharp";
import { z } from "zod";
import { PHOTO_FACTS_VERSION, type PhotoFacts, photoFacts, sameBox } from "../../data/picture/facts/photo_facts.ts";
import { wholeBox } from "../../data/picture/pixels.ts";
import { bytesOf } from "../files/text_file.ts";
import { canonicalJson, sha256 } from "../files/hashing.ts";
import { BoxSchema } from "../photos/photo.ts";
import type { StageFolder } from "./run_folder.ts";

/** Facts that are computed between two writes: what a killed run may have to compute again. */
const ROWS_AT_ONCE = 256;

/** A larger file is not read: the facts of 300,000 photos fit. */
const MAXIMUM_BYTES = 128 * 2 ** 20;

/** Hexadecimal digits of a row's seal: it tells what is damaged or edited from what was written. */
const SEAL_DIGITS = 16;

/** The first line of the file: which code made what follows. Other pixels come out of another decoder. */
const HEADING = canonicalJson({
  photoFacts: PHOTO_FACTS_VERSION,
  libvips: sharp.versions.vips,
  libheif: libheif.version,
});

/** A photo's facts as a line holds them; `trimmed` where there is a border to cut. */
const Row = z.strictObject({
  content: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  wholeHash: z.string(),
  trimmed: z.strictObject({ box: BoxSchema, hash: z.string() }).nullable(),
});
type Row = z.infer<typeof Row>;

const SealedRow = z.strictObject({ photo: Row, seal: z.string() });

/**
 * What was found of photos when they were decoded, by the hash of their content: the same photo under another name, in
 * another folder or after a run was killed is not decoded again. All of it can be lost at any time and is then computed
 * again; no result depends on whether it is there. It is written on as photos are decoded; a row that is damaged or
 * edited counts as not there, and rows of other code do.
 */
export class KnownFacts {
  #rows?: Promise<Map<string, PhotoFacts>>;
  /** Facts that are being computed: of copies, one is decoded. */
  readonly #underWay = new Map<string, Promise<PhotoFacts>>();
  #unsaved: Row[] = [];
  /** The writes asked for so far, one after the other. */
  #saved: Promise<void> = Promise.resolve();
  /** Bytes of the file that can be written on; 0 where it has to be written anew. */
  #length = 0;
  #decoded = 0;

  /** The facts kept in a file of a folder, which is read when the first are asked for. */
  constructor(readonly folder: StageFolder, readonly file: string, readonly decode = photoFacts) {}

  /** Takes nothing that was found before this process began; what it has found itself holds. */
  beginAnew(): void {
    this.#rows ??= Promise.resolve(new Map());
  }

  /** How many photos were decoded to answer. */
  get decoded(): number {
    return this.#decoded;
  }

  /**
   * A photo's facts.
   * @param content its SHA-256
   * @param read gives that content; it is called when the facts are not known
   * @throws PhotoError when it cannot be decoded; what `read` throws; UserError when the facts cannot be written.
   */
  async of(content: string, read: () => Promise<Uint8Array>): Promise<PhotoFacts> {
    this.#rows ??= this.#read();
    const rows = await this.#rows;
    const known = rows.get(content) ?? this.#underWay.get(content);
    if (known) return await known;
    const computed = this.#compute(content, read, rows);
    this.#underWay.set(content, computed);
    try {
      return await computed;
    } finally {
      this.#underWay.delete(content);
    }
  }

  /** Writes what is not written yet. */
  async save(): Promise<void> {
    const saved = this.#saved.then(() => this.#write());
    this.#saved = saved.catch(() => {});
    await saved;
  }

  async #compute(content: string, read: () => Promise<Uint8Array>, rows: Map<string, PhotoFacts>) {
    const bytes = await read();
    this.#decoded++;
    const facts = await this.decode(bytes);
    rows.set(content, facts);
    this.#unsaved.push(rowOf(content, facts));
    if (this.#unsaved.length >= ROWS_AT_ONCE) await this.save();
    return facts;
  }

  async #read(): Promise<Map<string, PhotoFacts>> {
    const rows = new Map<string, PhotoFacts>();
    const bytes = await this.#bytes();
    // What a killed run began to write has no end.
    const length = bytes.lastIndexOf(0x0a) + 1;
    const [heading, ...lines] = new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1);
    if (heading !== HEADING) return rows;
    let isWhole = true;
    for (const line of lines) {
      const row = readRow(line);
      if (row) rows.set(row.content, factsOf(row));
      else isWhole = false;
    }
    if (isWhole) this.#length = length;
    return rows;
  }

  async #bytes(): Promise<Uint8Array> {
    try {
      const stamp = await this.folder.stampOf(this.file);
      if (stamp && stamp.bytes <= MAXIMUM_BYTES) return await this.folder.read(this.file);
    } catch {
      // What cannot be read is computed again.
    }
    return new Uint8Array();
  }

  async #write(): Promise<void> {
    const fresh = this.#unsaved;
    if (fresh.length === 0) return;
    this.#unsaved = [];
    const more = bytesOf(linesOf(fresh));
    const canGoOn = this.#length > 0 && await this.folder.append(this.file, this.#length, more);
    if (canGoOn) this.#length += more.length;
    else await this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#length = 0;
    const rows = [...await this.#rows ?? []].map(([content, facts]) => rowOf(content, facts));
    const all = bytesOf(`${HEADING}\n${linesOf(rows)}`);
    await this.folder.write(this.file, all);
    this.#length = all.length;
  }
}

function rowOf(content: string, { width, height, trimmed, trimmedHash, wholeHash }: PhotoFacts): Row {
  const isWhole = sameBox(trimmed, wholeBox({ width, height }));
  return { content, width, height, wholeHash, trimmed: isWhole ? null : { box: trimmed, hash: trimmedHash } };
}

function factsOf({ width, height, wholeHash, trimmed }: Row): PhotoFacts {
  const { box, hash } = trimmed ?? { box: wholeBox({ width, height }), hash: wholeHash };
  return { width, height, trimmed: box, trimmedHash: hash, wholeHash };
}

function linesOf(rows: readonly Row[]): string {
  return rows.map((photo) => `${JSON.stringify({ photo, seal: sealOf(photo) })}\n`).join("");
}

/** A line's row, or `undefined` where it is not what was written. */
function readRow(line: string): Row | undefined {
  try {
    const { photo, seal } = SealedRow.parse(JSON.parse(line));
    return seal === sealOf(photo) ? photo : undefined;
  } catch {
    return undefined;
  }
}

function sealOf(photo: Row): string {
  return sha256(HEADING + canonicalJson(photo)).slice(0, SEAL_DIGITS);
}
