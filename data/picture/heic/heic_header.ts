import { PhotoError } from "../../photo_error.ts";
import { type IsoBox, isoBoxes } from "../limits/iso_boxes.ts";

/** What a HEIC says of its pictures before any of them is decoded. */
export interface HeicHeader {
  /** Pixels of the largest picture in the file: the photo, or what it is made of. */
  readonly pixels: number;
  /** Whether a colour of a pixel takes more than eight bits. */
  readonly isDeep: boolean;
  /** Whether a picture in it says what is transparent. */
  readonly hasAlpha: boolean;
}

const ALPHA = /^urn:mpeg:(hevc:2015:auxid:1|mpegB:cicp:systems:auxiliary:alpha)\0/;

/**
 * Reads the properties of a HEIC's pictures: what libheif will believe of them, before it is asked.
 * @throws PhotoError when it tells of no still picture, as a series without one or a file that is cut short.
 */
export function heicHeader(bytes: Uint8Array): HeicHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: HeicHeader = { pixels: 0, isDeep: false, hasAlpha: false };
  for (const { type, start, end } of properties(bytes)) {
    if (end > bytes.length) break;
    if (type === "ispe" && end - start >= 12) {
      header = { ...header, pixels: Math.max(header.pixels, view.getUint32(start + 4) * view.getUint32(start + 8)) };
    }
    // Bits of brightness less eight, in the low three bits of the decoder's settings.
    if (type === "hvcC" && end - start > 17 && (bytes[start + 17] & 7) > 0) header = { ...header, isDeep: true };
    if (type === "auxC" && ALPHA.test(latin1(bytes.subarray(start + 4, end)))) header = { ...header, hasAlpha: true };
  }
  if (header.pixels === 0) throw new PhotoError("damaged: the HEIC file tells of no picture that stands still");
  return header;
}

/** Inside which boxes stands what pictures are like, and what of each comes before the boxes in it: version and flags. */
const PLACE = [{ type: "meta", skipped: 4 }, { type: "iprp", skipped: 0 }, { type: "ipco", skipped: 0 }];

/**
 * The boxes in a part of a file that stand inside others, one after another by the place. None reaches out of the one
 * around it, whatever it says, so that no byte is looked at again and again.
 */
function* properties(bytes: Uint8Array, place = PLACE, start = 0, end = bytes.length): Generator<IsoBox> {
  const [outer, ...inner] = place;
  for (const box of isoBoxes(bytes, start, end)) {
    if (outer === undefined) yield box;
    else if (box.type === outer.type) {
      yield* properties(bytes, inner, box.start + outer.skipped, Math.min(box.end, end));
    }
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}
