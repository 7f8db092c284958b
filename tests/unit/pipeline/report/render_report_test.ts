import { type DefaultTreeAdapterTypes, parse, type ParserError } from "parse5";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { renderReport } from "../../../../pipeline/report/render_report.ts";
import { type EpochSummary, type ReportData, SHOWN_OUTLIERS } from "../../../../pipeline/report/report_data.ts";
import { emptyReport, fakeFits, fakeReport } from "./fake_report.ts";

const SECTIONS = [
  "summary",
  "stages",
  "photos",
  "learning",
  "predictions",
  "calibration",
  "outliers",
  "mistakes",
  "sample",
];

/** What a browser would have to mend: errors of syntax, and elements that it would close early, add or leave out. */
function mended(page: string): string[] {
  const errors: ParserError[] = [];
  const document = parse(page, { onParseError: (error) => errors.push(error) });
  const names = [...page.matchAll(/<([a-z][a-z0-9]*)[\s>/]/gi)].map(([, name]) => name);
  const parsed = elementNames(document);
  return [
    ...errors.map(({ code, startLine }) => `${code} in line ${startLine}`),
    ...names.map((name, index) => name === parsed[index] ? "" : `<${name}> became <${parsed[index]}>`).filter(Boolean),
    ...parsed.slice(names.length).map((name) => `<${name}> was added`),
  ].slice(0, 5);
}

function elementNames(node: DefaultTreeAdapterTypes.ParentNode): string[] {
  return node.childNodes.flatMap((child) => "childNodes" in child ? [child.nodeName, ...elementNames(child)] : []);
}

function epochsOf({ learning }: ReportData): readonly EpochSummary[] {
  assert(learning.by === "epochs");
  return learning.epochs;
}

function count(page: string, pattern: RegExp): number {
  return [...page.matchAll(pattern)].length;
}

Deno.test("renderReport() needs nothing but the page itself", async () => {
  const page = await renderReport(fakeReport());
  assertEquals(count(page, /<(script|link|iframe|object|embed|base)\b/g), 0);
  assertEquals(count(page, /https?:\/\/|url\(|@import|\ssrcset=|\son\w+=/g), 0);
  for (const [, source] of page.matchAll(/\s(?:src|href)="([^"]*)"/g)) {
    assert(/^(data:image\/|#)/.test(source), `expected data or an anchor, got ${source}`);
  }
});

Deno.test("renderReport() is valid HTML, full and empty", async () => {
  for (const data of [fakeReport({ outliers: 100 }), emptyReport()]) {
    assertEquals(mended(await renderReport(data)), []);
  }
});

Deno.test("renderReport() has every section, linked from the top, and no id twice", async () => {
  for (const data of [fakeReport(), emptyReport()]) {
    const page = await renderReport(data);
    for (const id of SECTIONS) {
      assertStringIncludes(page, `<section id="${id}"`);
      assertStringIncludes(page, `href="#${id}"`);
    }
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    assertEquals(ids.length, new Set(ids).size);
  }
});

Deno.test("renderReport() draws four charts without a warning, each with a description", async () => {
  const warn = console.warn;
  const warnings: unknown[] = [];
  console.warn = (...given) => warnings.push(given);
  const page = await renderReport(fakeReport()).finally(() => console.warn = warn);
  assertEquals(warnings, []);
  assertEquals(count(page, /<svg role="img" aria-label="[^"]{20,}"/g), 4);
});

Deno.test("renderReport() escapes file names", async () => {
  const hostile = `<img src=x onerror="alert(1)">&'.jpg`;
  const data = fakeReport();
  const page = await renderReport({
    ...data,
    run: { ...data.run, name: hostile },
    photos: { ...data.photos, dropped: [{ reason: hostile, ids: [hostile] }] },
    outliers: { ...data.outliers, photos: data.outliers.photos.map((photo) => ({ ...photo, id: hostile })) },
    mistakes: data.mistakes.map((photo) => ({ ...photo, id: hostile })),
    test: { ...data.test, sample: data.test.sample.map((photo) => ({ ...photo, id: hostile })) },
    warnings: [hostile],
  });
  assertEquals(page.includes("<img src=x"), false);
  assertStringIncludes(page, "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;.jpg");
  assertEquals(mended(page), []);
});

Deno.test("renderReport() refuses a thumbnail that would be fetched", async () => {
  const data = fakeReport();
  const mistakes = [{ ...data.mistakes[0], thumbnail: "https://example.com/cat.jpg" }];
  await assertRejects(() => renderReport({ ...data, mistakes }), Error, "expected a thumbnail as a data URI");
});

Deno.test("renderReport() says so where there is nothing to show", async () => {
  const page = await renderReport(emptyReport());
  for (const sentence of ["Nothing was trained", "Nothing was predicted", "No outliers found", "No mistakes"]) {
    assertStringIncludes(page, sentence);
  }
  assertEquals(count(page, /<svg/g), 0);
});

Deno.test("renderReport() leaves predictions out that are no probability, and warns", async () => {
  const data = fakeReport();
  const page = await renderReport({
    ...data,
    validation: [...data.validation, { id: "cat.1.jpg", label: "cat", pDog: NaN }],
    test: { ...data.test, predictions: [...data.test.predictions, NaN, 2] },
  });
  assertStringIncludes(page, "3 predictions are no probability");
  assertStringIncludes(page, `${data.validation.length} validation photos`);
});

Deno.test("renderReport() draws the epochs that are left where a loss is not finite", async () => {
  const data = fakeReport();
  const history = epochsOf(data).map((epoch, index) =>
    index === 1 ? { ...epoch, trainLoss: NaN, validationLoss: Infinity, headRate: NaN } : epoch
  );
  for (const given of [history, [history[1]]]) {
    const page = await renderReport({ ...data, learning: { by: "epochs", epochs: given } });
    assertEquals(count(page, /NaN|Infinity|undefined/g), 0);
    assertStringIncludes(page, "∞");
  }
});

Deno.test("renderReport() works with one class, one epoch and no test photos", async () => {
  const data = fakeReport();
  const page = await renderReport({
    ...data,
    learning: { by: "epochs", epochs: epochsOf(data).slice(0, 1) },
    validation: data.validation.filter(({ label }) => label === "cat"),
    test: { predictions: [], sample: [] },
  });
  assertEquals(count(page, /NaN|Infinity|undefined/g), 0);
  assertEquals(mended(page), []);
});

Deno.test("renderReport() shows the worst outliers and says where the others are", async () => {
  const page = await renderReport(fakeReport({ outliers: 300, mistakes: 0, sample: 0 }));
  assertEquals(count(page, /class="id"/g), SHOWN_OUTLIERS);
  assertStringIncludes(page, `And ${300 - SHOWN_OUTLIERS} more outliers`);
  assertStringIncludes(page, "runs/real/rescan/manifest.json");
});

Deno.test("renderReport() says of an outlier what the rescan says", async () => {
  const page = await renderReport(fakeReport());
  for (const verdict of ["set aside", "kept by the review", "kept for its class"]) {
    assertStringIncludes(page, `<p class="verdict">${verdict}</p>`);
  }
});

Deno.test("renderReport() shows what the user said of photos", async () => {
  const page = await renderReport(fakeReport());
  const said = ["dropped by you", "cat.12.jpg: dog, not cat", "IMG_7.jpg: cat<"];
  for (const word of said) assertStringIncludes(page, word);
});

Deno.test("renderReport() says once which of the two fits predicts, with the validation loss of both", async () => {
  const page = await renderReport(fakeReport());
  assertEquals(page.split("fit without the outliers, validation loss 0.0279; with them 0.0412").length, 2);
});

Deno.test("renderReport() is the same for the same run", async () => {
  assertEquals(await renderReport(fakeReport()), await renderReport(fakeReport()));
});

Deno.test("renderReport() takes the predictions of a full run", async () => {
  const page = await renderReport(fakeReport({ validation: 3000, test: 12500, outliers: 500, finetuneEpochs: 30 }));
  assertEquals(mended(page), []);
});

Deno.test("renderReport() tells of a linear probe by its fits, and which of them was kept", async () => {
  const page = await renderReport({ ...fakeReport(), learning: { by: "fits", fits: fakeFits() } });
  assertStringIncludes(page, ">first fit (kept)</th>");
  assertEquals(count(page, /epoch [0-9]|rate<\/th>/gi), 0);
  assertEquals(mended(page), []);
});
