/**
 * Types of the few functions of Deno's standard library that this project uses. The npm build of the library that
 * `deno.json` maps `@std/...` to is plain JavaScript; with `jsr:@std/...` in its place this file can go.
 */
declare module "@std/assert" {
  export function assert(condition: unknown, message?: string): asserts condition;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
  export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertThrows<E extends Error = Error>(
    run: () => unknown,
    errorClass?: new (...parameters: never[]) => E,
    messageIncludes?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    run: () => PromiseLike<unknown>,
    errorClass?: new (...parameters: never[]) => E,
    messageIncludes?: string,
  ): Promise<E>;
}

declare module "@std/cli/parse-args" {
  export interface ParsedArguments {
    _: (string | number)[];
    [name: string]: unknown;
  }
  export function parseArgs(
    words: string[],
    options?: {
      boolean?: string[];
      string?: string[];
      collect?: string[];
      alias?: Record<string, string | string[]>;
      default?: Record<string, unknown>;
      unknown?: (argument: string, key?: string, value?: unknown) => unknown;
      stopEarly?: boolean;
    },
  ): ParsedArguments;
}

declare module "@std/collections/chunk" {
  export function chunk<T>(items: readonly T[], size: number): T[][];
}

declare module "@std/collections/pick" {
  export function pick<T extends object, K extends keyof T>(object: T, keys: readonly K[]): Pick<T, K>;
}

declare module "@std/csv/parse" {
  export function parse(text: string, options: { skipFirstRow: true }): Record<string, string>[];
}

declare module "@std/csv/stringify" {
  export function stringify(rows: readonly (readonly unknown[])[], options?: { headers?: boolean }): string;
}

declare module "@std/html/entities" {
  export function escape(text: string): string;
  export function unescape(text: string): string;
}

declare module "@std/path" {
  export function join(...parts: string[]): string;
  export function dirname(path: string): string;
  export function basename(path: string, suffix?: string): string;
  export function relative(from: string, to: string): string;
  export function resolve(...parts: string[]): string;
  export function fromFileUrl(url: string | URL): string;
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(str1: string, str2: string): number;
}

declare module "@std/text/closest-string" {
  export function closestString(given: string, candidates: readonly string[]): string;
}
