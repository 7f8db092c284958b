import { colouredGrid } from "../../evidence/coloured_grid.ts";
import type { EvidenceMap } from "../../evidence/evidence_map.ts";

/** A map as an image's address, to be laid over its picture. */
export function drawMap(map: EvidenceMap): string {
  const { data, width, height, box } = colouredGrid(map);
  const cells = canvasOf(map.columns, map.rows);
  cells.context.putImageData(new ImageData(data, map.columns, map.rows), 0, 0);
  const { canvas, context } = canvasOf(width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(cells.canvas, box.left, box.top, box.width, box.height);
  return canvas.toDataURL("image/png");
}

function canvasOf(width: number, height: number) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw the map");
  return { canvas, context };
}
