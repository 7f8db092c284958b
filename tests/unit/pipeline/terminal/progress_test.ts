import { assertEquals, assertMatch } from "@std/assert";
import { duration, Progress } from "../../../../pipeline/terminal/progress.ts";

/** A screen that remembers what was written, and a clock that is set by hand. */
function fakeScreen(isTerminal: boolean) {
  const written: string[] = [];
  const clock = { milliseconds: 1000 };
  const output = { isTerminal, write: (text: string) => void written.push(text) };
  return { written, clock, progress: new Progress("transform", 100, "photos", output, () => clock.milliseconds) };
}

Deno.test("duration() speaks of seconds, minutes and hours", () => {
  const spoken = [0, 0.44, 9.94, 9.95, 59.4, 59.5, 65, 3599.4, 3599.5, 7620, 86400].map(duration);
  assertEquals(spoken, [
    "0.0s",
    "0.4s",
    "9.9s",
    "10s",
    "59s",
    "1m 00s",
    "1m 05s",
    "59m 59s",
    "1h 00m",
    "2h 07m",
    "24h 00m",
  ]);
});

Deno.test("Progress shows rate and time left", () => {
  const { clock, progress } = fakeScreen(true);
  clock.milliseconds += 10_000;
  progress.advance(20);
  assertEquals(progress.line(), "  transform  20 of 100 photos  2.00/s  40s left");
});

Deno.test("Progress knows no time left before anything is done", () => {
  const { clock, progress } = fakeScreen(true);
  assertEquals(progress.line(), "  transform  0 of 100 photos  0.00/s  ? left");
  clock.milliseconds += 1000;
  assertEquals(progress.line(), "  transform  0 of 100 photos  0.00/s  ? left");
});

Deno.test("Progress writes over its line on a terminal, five times a second at most", () => {
  const { written, clock, progress } = fakeScreen(true);
  progress.advance();
  clock.milliseconds += 199;
  progress.advance();
  assertEquals(written, []);
  clock.milliseconds += 1;
  progress.advance();
  progress.advance();
  assertEquals(written, ["\r\x1b[K  transform  [----------------------------]  3 of 100 photos  15.0/s  6.5s left"]);
  progress.finish();
  assertEquals(written.at(-1), "\r\x1b[K");
});

Deno.test("Progress writes a plain line every five seconds elsewhere, and removes none", () => {
  const { written, clock, progress } = fakeScreen(false);
  clock.milliseconds += 4999;
  progress.advance(10);
  assertEquals(written, []);
  clock.milliseconds += 1;
  progress.advance(10);
  progress.finish();
  assertEquals(written, ["  transform  20 of 100 photos  4.00/s  20s left\n"]);
});

Deno.test("Progress of a quick job writes nothing", () => {
  for (const isTerminal of [true, false]) {
    const { written, progress } = fakeScreen(isTerminal);
    progress.advance(100);
    progress.finish();
    assertEquals(written, []);
  }
});

Deno.test("Progress does not show a line that would say all is done", () => {
  const { written, clock, progress } = fakeScreen(true);
  clock.milliseconds += 60_000;
  progress.advance(100);
  assertEquals(written, []);
});

Deno.test("Progress fills its bar as the work is done", () => {
  const { clock, progress } = fakeScreen(true);
  clock.milliseconds += 10_000;
  progress.advance(50);
  assertEquals(progress.barLine(), "  transform  [##############--------------]  50 of 100 photos  5.00/s  10s left");
});

Deno.test("Progress fits its line into the terminal, whatever its width, and keeps what is said first", () => {
  const whole = fakeScreen(true).progress.line();
  for (let columns = 1; columns < 160; columns++) {
    const output = { isTerminal: true, columns: () => columns, write: () => {} };
    const line = new Progress("transform", 100, "photos", output, () => 0).barLine();
    assertEquals(line.length < columns, true, `${line.length} of ${columns}`);
    if (line.includes("[")) assertMatch(line, /\[-{5,30}\]/);
    else assertEquals(whole.startsWith(line), true, line);
  }
});

Deno.test("Progress draws its bar on a terminal that does not know its width", () => {
  const lineAt = (columns: number) => {
    const output = { isTerminal: true, columns: () => columns, write: () => {} };
    return new Progress("transform", 100, "photos", output, () => 0).barLine();
  };
  assertMatch(lineAt(0), /\[-{30}\]/);
  assertEquals(lineAt(0), lineAt(80));
});
