// Text and numbers as LaTeX reads them: whatever a name holds, the document compiles.

/** A number as \num{...}, so that siunitx sets its minus sign and groups; anything else as text. */
export function cellText(cell: string, isNumber: boolean): string {
  const ascii = cell.replaceAll("−", "-").replaceAll(",", "").replace(" × 10^", "e");
  return isNumber && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(ascii) ? `\\num{${ascii}}` : escaped(cell);
}

const symbols: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  // After the end of a row a bracket or a star would be an option of the end.
  "*": "{*}",
  "[": "{[}",
  "]": "{]}",
  _: "\\_\\allowbreak{}",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "−": "$-$",
  "–": "--",
  "×": "$\\times$",
  "·": "$\\cdot$",
  "²": "\\textsuperscript{2}",
  "…": "\\ldots{}",
  "±": "$\\pm$",
  "≥": "$\\geq$",
  "≤": "$\\leq$",
  ε: "$\\varepsilon$",
  ο: "o",
};

/** Greek small letters by code point from alpha; LaTeX names them as we do. */
const greek = [
  "alpha",
  "beta",
  "gamma",
  "delta",
  "epsilon",
  "zeta",
  "eta",
  "theta",
  "iota",
  "kappa",
  "lambda",
  "mu",
  "nu",
  "xi",
  "omicron",
  "pi",
  "rho",
  "varsigma",
  "sigma",
  "tau",
  "upsilon",
  "phi",
  "chi",
  "psi",
  "omega",
];

/** Escapes text for LaTeX; a character outside Latin-1 that has no spelling here becomes its code point, so that it compiles. */
export function escaped(text: string): string {
  return [...text.replaceAll(/\s+/g, " ")]
    .map((character) => {
      const symbol = symbols[character];
      if (symbol !== undefined) return symbol;
      const code = character.codePointAt(0)!;
      const letter = greek[code - 0x3b1];
      if (letter !== undefined) return `$\\${letter}$`;
      return (code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0xff && code !== 0xad)
        ? character
        : `{[}U+${code.toString(16).toUpperCase().padStart(4, "0")}{]}\\allowbreak{}`;
    })
    .join("");
}

/** Text for a comment: one line, ASCII. */
export function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
