// What would stop LaTeX from compiling a document of ours, found without LaTeX: groups and environments that do not close, table rows
// of the wrong length, bare special characters, numbers that siunitx refuses, figures without a file. No full parser of TeX.

/** Problems in words, with their lines; empty when none was found. */
export function latexProblems(
  text: string,
  { hasFile }: { hasFile(path: string): boolean },
): readonly string[] {
  const problems: string[] = [];
  const open: string[] = [];
  let columns = 0;
  let depth = 0;
  let before = "";
  for (const [index, written] of text.split("\n").entries()) {
    const say = (what: string): void => void problems.push(`line ${index + 1}: ${what}`);
    const line = written.replace(/(?<!\\)%.*$/, "");
    if (/^.*[^\\]%./.test(written)) say("a bare % hides the rest of the line");
    const bare = line.replace(/\\[\\%&#_{}$]/g, "");
    for (const [, kind, name] of line.matchAll(/\\(begin|end)\{([a-z]+)\}/g)) {
      if (kind === "begin") open.push(name!);
      else if (open.pop() !== name) say(`\\end{${name}} closes nothing`);
    }
    // Heads of several lines are tables of one column within a cell.
    const spec = /\\begin\{longtable\}\{(.+)\}$/.exec(line)?.[1];
    if (spec !== undefined)
      columns = spec
        .replaceAll(/@\{(?:[^{}]|\{[^{}]*\})*\}|>\{[^}]*\}|\{[^}]*\}/g, "")
        .replaceAll(/[^lrcp]/g, "").length;
    depth += [...bare].reduce((sum, one) => sum + (one === "{" ? 1 : one === "}" ? -1 : 0), 0);
    if (/^\s*[[*]/.test(line) && /\\\\\s*$/.test(before))
      say("the end of the row above would take it for an option");
    before = line;
    if (depth < 0) say("a brace closes nothing");
    const isRow = open.at(-1) === "longtable" && /\\\\\*?\s*$/.test(line) && !line.startsWith("\\caption");
    const spanned = [...line.matchAll(/\\multicolumn\{(\d+)\}/g)].reduce(
      (sum, [, count]) => sum + Number(count) - 1,
      0,
    );
    const cells = bare.split("&").length + spanned;
    if (isRow && cells !== columns) say(`a row of ${cells} cells in a table of ${columns}`);
    if (!isRow && cells > 1) say("a bare &");
    // Macros of the preamble have parameters.
    if (open.length > 0 && /[#_^~]/.test(bare.replaceAll(/\{charts\/[^}]*\}|\[[^\]]*\]/g, "")))
      say("a bare special character");
    if ((bare.match(/\$/g)?.length ?? 0) % 2 !== 0) say("mathematics that does not end");
    for (const [, number] of line.matchAll(/\\num\{([^}]*)\}/g))
      if (!/^[<>]?[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/.test(number!)) say(`\\num{${number}} is no number`);
    for (const [, path] of line.matchAll(/\\includegraphics(?:\[[^\]]*\])?\{([^}]*)\}/g))
      if (!hasFile(path!)) say(`${path} is not there`);
  }
  if (depth > 0) problems.push(`${depth} braces are not closed`);
  if (open.length > 0) problems.push(`\\begin{${open.at(-1)}} is not closed`);
  return problems;
}
