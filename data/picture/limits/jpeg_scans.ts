/** The second byte of a JPEG's markers; the first is 255. */
const [START_OF_SCAN, END, FILL] = [0xda, 0xd9, 0xff];

/** Whether a marker stands alone: an escaped 255 in a scan, a restart, the beginning, and one for arithmetic coding. */
function standsAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** How many scans a JPEG has: progressive ones show all of the picture once more and finer with each. */
export function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1];
    if (marker === END) break;
    if (marker === START_OF_SCAN) scans++;
    if (marker === FILL) at += 1;
    else if (standsAlone(marker)) at += 2;
    else at += 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
  }
  return scans;
}
