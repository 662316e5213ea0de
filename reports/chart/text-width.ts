// How wide a text is drawn, without a canvas: the widths of Helvetica, which Arial and Liberation Sans share.

/** Thousandths of the font size of the characters from space to tilde. Source: Adobe's metrics of Helvetica (AFM, 1997). */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Letters beyond ASCII: as wide as a digit, ideographs as wide as high. */
const otherWidth = 600;
const ideographWidth = 1000;
/** DejaVu Sans Condensed, in which files are drawn, runs a little wider, and more so in bold. */
const reserve = 1.06;
const boldReserve = 1.22;

/** Width in pixels of one line of text at a font size in pixels; 0 for no text. */
export function textWidth(text: string, fontSize: number, isBold = false): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    sum += widths[code - 32] ?? (code > 0x2e80 ? ideographWidth : otherWidth);
  }
  return Math.ceil(((isBold ? boldReserve : reserve) * sum * fontSize) / 1000);
}

/** A text in lines of at most `width` pixels, broken at spaces and line ends where it can be, else within a word. */
export function linesOf(text: string, width: number, fontSize: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.split("\n")) {
    let line = "";
    for (const word of part.split(" ").flatMap((one) => pieces(one, width, fontSize))) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && textWidth(longer, fontSize) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

/** A word in pieces that fit; itself where it fits. */
function pieces(word: string, width: number, fontSize: number): readonly string[] {
  const found: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && textWidth(piece + character, fontSize) > width) {
      found.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...found, piece];
}
