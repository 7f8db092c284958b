import type { Svg } from "./sketch.ts";

/** How a shape is filled and outlined; what is not given is not drawn. */
export interface Paint {
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  /** Lengths of dashes and gaps along the stroke. */
  readonly dashes?: string;
  /** Of the fill and the stroke, each by itself: an element's own opacity would cost a layer. */
  readonly opacity?: number;
}

/** A number as short SVG text: two decimals. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Path data with its numbers shortened: d`M ${x} ${y} L 0 0`. */
export function d(text: TemplateStringsArray, ...values: number[]): string {
  return text.reduce((path, part, index) => path + short(values[index - 1]) + part);
}

function attributes(paint: Paint): string {
  const { fill = "none", stroke, strokeWidth = 1, dashes, opacity } = paint;
  return ` fill="${fill}"` +
    (stroke === undefined
      ? ""
      : ` stroke="${stroke}" stroke-width="${short(strokeWidth)}" stroke-linecap="round" stroke-linejoin="round"`) +
    (dashes === undefined ? "" : ` stroke-dasharray="${dashes}" style="stroke-linecap:butt"`) +
    (opacity === undefined ? "" : ` fill-opacity="${short(opacity)}" stroke-opacity="${short(opacity)}"`);
}

export function path(data: string, paint: Paint): Svg {
  return `<path d="${data}"${attributes(paint)}/>`;
}

export function ellipse(x: number, y: number, radiusX: number, radiusY: number, paint: Paint): Svg {
  return `<ellipse cx="${short(x)}" cy="${short(y)}" rx="${short(radiusX)}" ry="${short(radiusY)}"${
    attributes(paint)
  }/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, paint: Paint, rounding = 0): Svg {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="${
    short(rounding)
  }"${attributes(paint)}/>`;
}

/** Moves, then turns (degrees, clockwise), then scales what is inside. */
export function placed(
  content: Svg,
  { x = 0, y = 0, turn = 0, scaleX = 1, scaleY = scaleX }: {
    x?: number;
    y?: number;
    turn?: number;
    scaleX?: number;
    scaleY?: number;
  },
): Svg {
  return `<g transform="translate(${short(x)} ${short(y)}) rotate(${short(turn)}) scale(${short(scaleX)} ${
    short(scaleY)
  })">${content}</g>`;
}

/** The mirror image about the vertical axis. */
export function mirrored(content: Svg): Svg {
  return placed(content, { scaleX: -1, scaleY: 1 });
}

/** What is inside, as seen through a clip path: `url(#...)`. */
export function clipped(content: Svg, clip: string): Svg {
  return `<g clip-path="${clip}">${content}</g>`;
}
