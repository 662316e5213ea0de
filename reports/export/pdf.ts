// A drawing as a page of PDF 1.4 of its own size: vectors, letters as outlines, so that no journal asks for a font. Written by hand,
// because what is left of a drawing are paths, and a page of paths is a short file. The same drawing gives the same bytes.
import { deflateSync } from "node:zlib";
import { plainSvgOf } from "./plain-svg.ts";

/** Points a CSS pixel: 72 and 96 to the inch. */
const pointsPerPixel = 0.75;

/** @throws Error when the SVG is broken, or holds what charts do not: pictures, gradients, masks. */
export async function pdfOf(svg: string): Promise<Uint8Array> {
  const plain = await plainSvgOf(svg);
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(plain) ?? [];
  if (width === undefined || height === undefined) throw new Error("The drawing has no size.");
  const [w, h] = [Number(width) * pointsPerPixel, Number(height) * pointsPerPixel];
  const page = new PageContent();
  page.put(`${pointsPerPixel} 0 0 ${-pointsPerPixel} 0 ${short(h)} cm`);
  draw(plain, page);
  return fileOf(page, [w, h]);
}

/** Operators of the page and the opacities that they name. */
class PageContent {
  readonly #lines: string[] = [];
  readonly #opacities = new Map<string, number>();

  put(line: string): void {
    this.#lines.push(line);
  }

  /** Sets how opaque fills and strokes are from here on. */
  setOpacity(fill: number, stroke: number): void {
    const key = `/ca ${short(fill)} /CA ${short(stroke)}`;
    const index = this.#opacities.get(key) ?? this.#opacities.size;
    this.#opacities.set(key, index);
    this.put(`/G${index} gs`);
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  get resources(): string {
    const states = [...this.#opacities].map(([key, index]) => `/G${index} << ${key} >>`);
    return `<< /ExtGState << ${states.join(" ")} >> >>`;
  }
}

type Attributes = Readonly<Record<string, string>>;

/** Walks the tags of the reduced drawing; a group saves the state of the page and gives it back. */
function draw(svg: string, page: PageContent): void {
  const clips = new Map<string, string>();
  let clip: string | null = null;
  const opacities = [1];
  for (const [, end, name, text, single] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g,
  )) {
    const attributes = attributesOf(text ?? "");
    switch (name) {
      case "clipPath":
        clip = end === "/" ? null : (attributes.id ?? "");
        break;
      case "g": {
        if (end === "/") {
          page.put("Q");
          opacities.pop();
          break;
        }
        if (single === "/") break;
        page.put("q");
        opacities.push(opacities.at(-1)! * Number(attributes.opacity ?? 1));
        place(attributes, page);
        const [, id] = /url\(#([^)]+)\)/.exec(attributes["clip-path"] ?? "") ?? [];
        if (id !== undefined) page.put(`${clips.get(id) ?? ""} W n`);
        break;
      }
      case "path":
        if (clip === null) paint(attributes, page, opacities.at(-1)!);
        else clips.set(clip, `${clips.get(clip) ?? ""} ${operatorsOf(attributes.d ?? "")}`);
        break;
      case "svg":
      case "defs":
        break;
      default:
        throw new Error(`A drawing with <${name}> has no form as PDF.`);
    }
  }
}

function attributesOf(text: string): Attributes {
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  );
}

function place({ transform }: Attributes, page: PageContent): void {
  const [, matrix] = /matrix\(([^)]+)\)/.exec(transform ?? "") ?? [];
  if (matrix !== undefined) page.put(`${matrix} cm`);
}

function paint(attributes: Attributes, page: PageContent, opacity: number): void {
  const { fill = "#000000", stroke = "none", visibility } = attributes;
  if (visibility === "hidden" || (fill === "none" && stroke === "none")) return;
  const own = opacity * Number(attributes.opacity ?? 1);
  page.put("q");
  place(attributes, page);
  page.setOpacity(
    own * Number(attributes["fill-opacity"] ?? 1),
    own * Number(attributes["stroke-opacity"] ?? 1),
  );
  if (fill !== "none") page.put(`${channelsOf(fill)} rg`);
  if (stroke !== "none") {
    page.put(`${channelsOf(stroke)} RG ${attributes["stroke-width"] ?? 1} w`);
    page.put(`${capOf(attributes["stroke-linecap"])} J ${joinOf(attributes["stroke-linejoin"])} j`);
    if (attributes["stroke-dasharray"] !== undefined)
      page.put(
        `[${attributes["stroke-dasharray"].replaceAll(",", " ")}] ${attributes["stroke-dashoffset"] ?? 0} d`,
      );
  }
  const isEvenOdd = attributes["fill-rule"] === "evenodd";
  const paints = fill === "none" ? "S" : `${stroke === "none" ? "f" : "B"}${isEvenOdd ? "*" : ""}`;
  page.put(`${operatorsOf(attributes.d ?? "")} ${paints}`);
  page.put("Q");
}

/** "#rrggbb" as three numbers from 0 to 1. */
function channelsOf(colour: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new Error(`A drawing filled with ${colour} has no form as PDF.`);
  return [1, 3, 5].map((at) => short(Number.parseInt(colour.slice(at, at + 2), 16) / 255)).join(" ");
}

function capOf(cap: string | undefined): number {
  return cap === "round" ? 1 : cap === "square" ? 2 : 0;
}

function joinOf(join: string | undefined): number {
  return join === "round" ? 1 : join === "bevel" ? 2 : 0;
}

/** Path data with absolute M, L, Q, C and Z as path operators; PDF has no quadratic curves, so they are raised to cubic ones. */
function operatorsOf(data: string): string {
  const parts: string[] = [];
  let at: readonly [number, number] = [0, 0];
  for (const [, command, text] of data.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    const numbers = (text ?? "")
      .trim()
      .split(/[\s,]+/)
      .filter((one) => one !== "")
      .map(Number);
    const end: readonly [number, number] = [numbers.at(-2) ?? at[0], numbers.at(-1) ?? at[1]];
    switch (command) {
      case "M":
        parts.push(`${points(numbers)} m`);
        break;
      case "L":
        parts.push(`${points(numbers)} l`);
        break;
      case "C":
        parts.push(`${points(numbers)} c`);
        break;
      case "Q": {
        const [x, y] = [numbers[0]!, numbers[1]!];
        const toward = (from: number, middle: number) => from + (2 / 3) * (middle - from);
        parts.push(
          `${points([toward(at[0], x), toward(at[1], y), toward(end[0], x), toward(end[1], y), ...end])} c`,
        );
        break;
      }
      default:
        parts.push("h");
    }
    at = end;
  }
  return parts.join("\n");
}

function points(numbers: readonly number[]): string {
  return numbers.map(short).join(" ");
}

/** A thousandth of a pixel is finer than any press. */
function short(value: number): string {
  const text = value.toFixed(3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The file: catalogue, pages, the page, its content; then where each of them begins, as readers want to know. */
function fileOf(page: PageContent, [width, height]: readonly [number, number]): Uint8Array {
  const content = deflateSync(Buffer.from(page.text, "latin1"), { level: 9 });
  const objects = [
    Buffer.from("<< /Type /Catalog /Pages 2 0 R >>"),
    Buffer.from("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${short(width)} ${short(height)}] /Contents 4 0 R /Resources ${page.resources} /Group << /S /Transparency /CS /DeviceRGB >> >>`,
    ),
    Buffer.concat([
      Buffer.from(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
      content,
      Buffer.from("\nendstream"),
    ]),
  ];
  const parts = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let length = parts[0]!.length;
  const starts = objects.map((object, i) => {
    const start = length;
    const whole = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
    parts.push(whole);
    length += whole.length;
    return start;
  });
  const entries = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`);
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
