// A drawing as PNG at 300 dots per inch, its letters in the faces that come with the package (plain-svg.ts).
import { drawingFor } from "./plain-svg.ts";

/** Pixels per CSS pixel at 300 dpi: a CSS pixel is 1/96 inch. */
const zoom = 300 / 96;

/** Renders SVG text on white. @throws Error with resvg's message when the SVG is broken. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const { svg: drawing, font } = drawingFor(svg);
  const renderer = new Resvg(drawing, { background: "#ffffff", fitTo: { mode: "zoom", value: zoom }, font });
  return withDensity(renderer.render().asPng());
}

/** Writes the pHYs chunk (11811 pixels a metre, 300 dpi) after the header, so that programs place the picture at its true size. */
function withDensity(png: Uint8Array): Uint8Array {
  const headerEnd = 8 + 25;
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, 11811);
  view.setUint32(12, 11811);
  chunk[16] = 1;
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, headerEnd));
  out.set(chunk, headerEnd);
  out.set(png.subarray(headerEnd), headerEnd + chunk.length);
  return out;
}

/** CRC-32 of the PNG specification, bit by bit: it is used on 13 bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
