// What a program said last, and the words of its failure: the line that names the error first, since that is what failures are told
// and counted by, then the lines before its end.

/** Lines of each output that are kept, and characters of a line. */
const linesMax = 10;
const lineMax = 500;

/** The last lines of both outputs. */
export class LastLines {
  readonly #lines = { info: [] as string[], error: [] as string[] };

  add(line: string, level: "info" | "error"): void {
    if (line.trim() === "") return;
    const lines = this.#lines[level];
    lines.push(line.length > lineMax ? `${line.slice(0, lineMax)}…` : line);
    if (lines.length > linesMax) lines.shift();
  }

  /** Those of standard error; where it is empty, those of standard output. */
  get lines(): readonly string[] {
    return this.isError ? this.#lines.error : this.#lines.info;
  }

  get isError(): boolean {
    return this.#lines.error.length > 0;
  }
}

/** Why a program whose exit code means a refusal refused. */
export function refusalWords(code: number, last: LastLines): string {
  return `exit code ${code}${telling(last)}`;
}

/** How a program ended that should not have, its telling line, and its last lines where there are several. */
export function failureWords(program: string, code: number, last: LastLines): string {
  const said = last.lines.join("\n");
  if (code === 127 && said.includes(program))
    return `${program} was not found: is it installed, and on the PATH?`;
  const whole =
    last.lines.length < 2
      ? ""
      : `\nthe last lines of its standard ${last.isError ? "error" : "output"}:\n${said.replaceAll(/^/gm, "  ")}`;
  const hint = missing.test(said)
    ? "\nA trial runs in an empty folder: what it reads is named under `files` of its command."
    : "";
  return `${program} ${endWords(code)}${telling(last)}${whole}${hint}`;
}

function endWords(code: number): string {
  if (code === 137)
    return "was killed (signal 9, exit code 137): it did so itself, or the machine was out of memory";
  return code > 128
    ? `was ended by signal ${code - 128} (exit code ${code})`
    : `ended with exit code ${code}`;
}

/** What programs say when a file of theirs was not declared. */
const missing =
  /No module named|No such file or directory|cannot open (the )?file|FileNotFoundError|ENOENT|Cannot find module/i;

/** How lines begin that name an error: Python's and Node's classes, R's "Error in", Go's "panic:", a compiler's and a shell's "error:". */
const names =
  /^\s*(?:[\w.$]*(?:Error|Exception|Interrupt)\b|error\b|fatal\b|panic\b|\S+: (?:fatal |runtime )?error\b)/i;
/** What R and Go end with whatever happened, the frames of traces, and what Node says of itself. */
const says =
  /^(?!Execution halted|exit status \d+$|goroutine \d+|Node\.js v\d|Traceback \(most recent|Calls: )\S/;

/** `: ` and the last line that names an error; else the last that says anything; nothing where the program was silent. */
function telling({ lines }: LastLines): string {
  const at = lines.findLastIndex((line) => names.test(line));
  const line = lines[at] ?? lines.findLast((each) => says.test(each)) ?? lines.at(-1);
  if (line === undefined) return "";
  // R breaks a long call before its message: "Error in lm.fit(x, y) :" and the message on the next line.
  const rest = at >= 0 && /^Error in .*: *$/.test(line) ? ` ${lines[at + 1]?.trim() ?? ""}` : "";
  return `: ${line.trim()}${rest}`;
}
