// A figure as PDF: the file is whole, every path of the drawing is in it, and what has no form there is refused.
import { inflateSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../analysis/analyze.ts";
import { conditionCharts } from "../chart/condition-charts.ts";
import { patienceTable, syntheticResults } from "../testing/synthetic-results.ts";
import { pdfOf } from "./pdf.ts";
import { plainSvgOf } from "./plain-svg.ts";
import { standaloneSvg, svgOf } from "./svg.ts";

const experiment = (await analyze(syntheticResults([patienceTable({ replicates: 5 })]))).experiments[0]!;
const svg = standaloneSvg(await svgOf(conditionCharts(experiment, experiment.metrics[0]!)[0]!));
const pdf = Buffer.from(await pdfOf(svg));
const file = pdf.toString("latin1");

const contentOf = (bytes: Buffer): string => {
  const text = bytes.toString("latin1");
  const start = text.indexOf("stream\n") + "stream\n".length;
  const length = Number(/\/Length (\d+)/.exec(text)![1]);
  return inflateSync(bytes.subarray(start, start + length)).toString("latin1");
};

test("every object stands where the table of the file says, and the table where the end says", () => {
  const [, at] = /startxref\n(\d+)\n%%EOF\n$/.exec(file)!;
  assert.ok(file.startsWith("xref\n0 5\n", Number(at)));
  const starts = [...file.slice(Number(at)).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, start]) =>
    Number(start),
  );
  assert.is(starts.length, 4);
  for (const [i, start] of starts.entries())
    assert.ok(file.startsWith(`${i + 1} 0 obj\n`, start), `${i + 1}`);
});

test("the page has the size of the drawing, at 96 pixels and 72 points to the inch", () => {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  const [, w, h] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(file)!;
  assert.is(Number(w), 0.75 * Number(width));
  assert.is(Number(h), 0.75 * Number(height));
});

test("every path of the drawing is painted, letters among them", async () => {
  const plain = await plainSvgOf(svg);
  // Backgrounds of plots have neither a fill nor a stroke.
  const paths = [...plain.replaceAll(/<clipPath.*?<\/clipPath>/gs, "").matchAll(/<path [^>]*>/g)].filter(
    ([path]) => !(path.includes('fill="none"') && !/ stroke="#/.test(path)) && !path.includes('"hidden"'),
  ).length;
  const painted = [...contentOf(pdf).matchAll(/ (?:f\*?|S|B\*?)$/gm)].length;
  assert.is(painted, paths);
  const silent = await plainSvgOf(svg.replaceAll(/<text .*?<\/text>/gs, ""));
  assert.ok([...silent.matchAll(/<path /g)].length < paths);
});

test("places, colours, dashes, opacities and curves are those of the drawing", async () => {
  const small = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><g transform="translate(5,7)" opacity="0.5"><path d="M0,0L10,0Q20,0,20,10Z" fill="#ff0000" fill-opacity="0.5" stroke="#0000ff" stroke-width="2" stroke-dasharray="4,3"/></g></svg>`;
  const content = contentOf(Buffer.from(await pdfOf(small)));
  // A quadratic curve from (10, 0) over (20, 0) to (20, 10) has its cubic handles two thirds of the way to (20, 0).
  assert.match(content, /0 0 m\n10 0 l\n16\.667 0 20 3\.333 20 10 c\nh B$/m);
  assert.match(content, /^1 0 0 1 5 7 cm$/m);
  assert.match(content, /^1 0 0 rg$/m);
  assert.match(content, /^0 0 1 RG 2 w$/m);
  assert.match(content, /^\[4 3\] 0 d$/m);
  assert.match(Buffer.from(await pdfOf(small)).toString("latin1"), /\/ca 0\.25 \/CA 0\.5/);
});

test("the same drawing gives the same bytes", async () => {
  assert.is(Buffer.compare(Buffer.from(await pdfOf(svg)), pdf), 0);
});

test("what has no form as paths is refused rather than left out", async () => {
  const gradient = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs><linearGradient id="a"><stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient></defs><rect width="9" height="9" fill="url(#a)"/></svg>`;
  try {
    await pdfOf(gradient);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /no form as PDF/);
  }
});

test.run();
