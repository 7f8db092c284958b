import type { OnnxGraph } from "../graphs/onnx_graph.ts";
import { ELEMENT_TYPES, type ElementType } from "../graphs/onnx_proto.ts";

/** When a row or column at a photo's edge is border: all its bytes and their mean are this high. */
export interface BorderRule {
  readonly minimumChannel: number;
  readonly minimumMean: number;
}

/** A box as a graph holds it: `[top, left, bottom, right]`, the last two behind the last row and column. */
const BOX = [4];
const COLOURS = 3;
/** Height's place and width's place in a size. */
const ACROSS = { rows: 0, columns: 1 } as const;
type Lines = keyof typeof ACROSS;

/**
 * Writes the cutting of a photo's border into a graph: rows, then columns at the edges that are border are cut, until none
 * is left to cut; where all of them are border, none is cut.
 * @param photo bytes `[height, width, 3]`
 * @returns the value with what is left, `[height, width, 3]`.
 */
export function addBorderCut(graph: OnnxGraph, photo: string, { minimumChannel, minimumMean }: BorderRule): string {
  const name = (part: string) => `border/${part}`;
  const numbers = cast(graph, photo, name("numbers"), "int32");
  const colours = integers(graph, name("colours"), 2);
  const cutter = new LineCutter(graph.within("one cut"), {
    sums: graph.node("ReduceSum", [numbers, colours], name("sums"), FLAT),
    lowest: graph.node("ReduceMin", [numbers, colours], name("lowest"), FLAT),
    minimumSum: graph.initializer(name("minimum_sum"), [1], Int32Array.of(minimumMean * COLOURS)),
    minimumLowest: graph.initializer(name("minimum_lowest"), [1], Int32Array.of(minimumChannel)),
  });
  const size = graph.node("Shape", [photo], name("size"), { start: { int: 0 }, end: { int: 2 } });
  const whole = joined(graph, name("whole"), integers(graph, name("corner"), 0, 0), size);
  const going = cast(graph, graph.initializer(name("go"), [], Uint8Array.of(1)), name("going"), "bool");
  const box = graph.node("Loop", ["", going, whole], name("box"), { body: { graph: cutter.body().content } });
  return graph.node("Slice", [photo, ...[0, 2].map((k) => part(graph, box, k, k + 2))], name("cut"));
}

/** What cutting reads of the graph around it: of each pixel, `[height, width]`, and what lines are held to. */
interface CutterValues {
  /** Of the pixel's three bytes. */
  readonly sums: string;
  readonly lowest: string;
  readonly minimumSum: string;
  readonly minimumLowest: string;
}

/** Writes the loop's body: a box becomes the one that is left when its rows, and then its columns, are cut once. */
class LineCutter {
  constructor(readonly graph: OnnxGraph, readonly values: CutterValues) {}

  body(): OnnxGraph {
    const { graph } = this;
    graph.input("cut/round", [], "int64");
    graph.input("cut/going", [], "bool");
    const before = graph.input("cut/before", BOX, "int64");
    const after = this.#cut("columns", this.#cut("rows", before));
    const moved = graph.node("Not", [graph.node("Equal", [before, after], "cut/same")], "cut/moved");
    const any = graph.node("ReduceMax", [cast(graph, moved, "cut/moves", "int32")], "cut/any", FLAT);
    graph.output(cast(graph, any, "cut/again", "bool"), [], "bool");
    graph.output(after, BOX, "int64");
    return graph;
  }

  /** Cuts the rows or the columns of a box. */
  #cut(lines: Lines, box: string): string {
    const { graph } = this;
    const name = (part: string) => `cut/${lines}/${part}`;
    const corners = [0, 2].map((k) => part(graph, box, k, k + 2));
    const size = graph.node("Sub", [corners[1], corners[0]], name("size"));
    const [count, length] = [ACROSS[lines], 1 - ACROSS[lines]].map((place) => part(graph, size, place, place + 1));
    const inner = graph.node("Not", [this.#isBorder(lines, corners, length)], name("inner"));
    const kept = cast(graph, inner, name("kept"), "int32");
    // Where all lines are border, none is higher than another, and the first and the last one are kept.
    const [first, last] = [0, 1].map((isLast) =>
      graph.node("ArgMax", [kept], name(`kept/${isLast}`), { axis: { int: 0 }, select_last_index: { int: isLast } })
    );
    const behind = graph.node("Add", [last, integers(graph, name("one"), 1)], name("behind"));
    const back = graph.node("Sub", [behind, count], name("back"));
    const still = integers(graph, name("still"), 0);
    const moves = lines === "rows" ? [first, still, back, still] : [still, first, still, back];
    return graph.node("Add", [box, joined(graph, name("moves"), ...moves)], name("box"));
  }

  /** Which rows or columns inside two corners are border. */
  #isBorder(lines: Lines, corners: readonly string[], length: string): string {
    const { graph, values: { sums, lowest, minimumSum, minimumLowest } } = this;
    const name = (part: string) => `cut/${lines}/${part}`;
    const along = integers(graph, name("along"), 1 - ACROSS[lines]);
    const reduced = (operator: string, value: string, of: string) => {
      const inside = graph.node("Slice", [value, ...corners], name(`${of}/inside`));
      return graph.node(operator, [inside, along], name(of), FLAT);
    };
    const minimum = graph.node("Mul", [cast(graph, length, name("length"), "int32"), minimumSum], name("minimum"));
    const bright = graph.node("GreaterOrEqual", [reduced("ReduceSum", sums, "sum"), minimum], name("bright"));
    const pale = graph.node("GreaterOrEqual", [reduced("ReduceMin", lowest, "lowest"), minimumLowest], name("pale"));
    return graph.node("And", [bright, pale], name("border"));
  }
}

/** The axis that was reduced is gone. */
const FLAT = { keepdims: { int: 0 } };

function integers(graph: OnnxGraph, name: string, ...values: number[]): string {
  return graph.initializer(name, [values.length], BigInt64Array.from(values, BigInt));
}

/** Some of a list's numbers. */
function part(graph: OnnxGraph, list: string, from: number, to: number): string {
  const name = `${list}/${from}-${to}`;
  return graph.node("Slice", [list, integers(graph, `${name}/from`, from), integers(graph, `${name}/to`, to)], name);
}

function joined(graph: OnnxGraph, name: string, ...lists: string[]): string {
  return graph.node("Concat", lists, name, { axis: { int: 0 } });
}

function cast(graph: OnnxGraph, value: string, name: string, to: ElementType): string {
  return graph.node("Cast", [value], name, { to: { int: ELEMENT_TYPES[to] } });
}
