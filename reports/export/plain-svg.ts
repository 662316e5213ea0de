// A drawing reduced to paths by resvg, which draws letters too, so that what places it elsewhere needs no font. The faces come with the
// package and no font of the machine is read: the same drawing gives the same paths and pixels everywhere.
import { createRequire } from "node:module";
import type { ResvgRenderOptions } from "@resvg/resvg-js";

/** As wide as the letters that the layout was measured with. */
const family = "DejaVu Sans Condensed";

/** The SVG text with our face in the place of the page's, and the options under which resvg finds it. */
export function drawingFor(svg: string): {
  readonly svg: string;
  readonly font: NonNullable<ResvgRenderOptions["font"]>;
} {
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"].map((file) =>
    resolve(`dejavu-fonts-ttf/ttf/${file}`),
  );
  return {
    svg: svg.replaceAll(/font-family="[^"]*"/g, `font-family="${family}"`),
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: family },
  };
}

/**
 * The same drawing in `g`, `path` and `clipPath` alone, with absolute M, L, Q, C and Z.
 *
 * @throws Error with resvg's message when the SVG is broken.
 */
export async function plainSvgOf(svg: string): Promise<string> {
  const { Resvg } = await import("@resvg/resvg-js");
  const { svg: drawing, font } = drawingFor(svg);
  return new Resvg(drawing, { font }).toString();
}
