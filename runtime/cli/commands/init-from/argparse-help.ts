// What the help of a Python script says of its arguments: the text that argparse prints for `--help`, wrapped or not.

/** An option or a positional argument of a script. */
export interface ScriptArgument {
  /** The flag to give, such as `--rate`; null of a positional. */
  readonly flag: string | null;
  /** Its long flag without dashes, or the positional's name: `learning-rate`. */
  readonly name: string;
  /** How many values follow: a switch has none. */
  readonly takes: "nothing" | "one" | "several";
  /** `--no-amp` beside `--amp`. */
  readonly opposite: string | null;
  /** What its values are; null where nobody says. */
  readonly type: "number" | "text" | null;
  readonly choices: readonly string[] | null;
  /** As the help writes it; null where it names none, or None. */
  readonly fallback: string | null;
  readonly isRequired: boolean;
  readonly help: string;
}

/** The arguments in the order of the help, without `--help` and `--version`; null where the text is no help of argparse. */
export function readArgparseHelp(text: string): readonly ScriptArgument[] | null {
  const lines = text.replaceAll("\r", "").split("\n");
  const start = lines.findIndex((line) => /^usage: /i.test(line));
  if (start === -1) return null;
  const length = lines.slice(start).findIndex((line) => line.trim() === "");
  const end = length === -1 ? lines.length : start + length;
  const required = requiredWords(lines.slice(start, end).join(" "));
  return entriesOf(lines.slice(end))
    .map((entry) => argumentOf(entry, required))
    .filter(({ flag }) => !["--help", "-h", "--version"].includes(flag ?? ""));
}

/** Words of the usage line outside all brackets: `[--seed SEED]` is optional, and of `(--a | --b)` neither is required. */
function requiredWords(usage: string): ReadonlySet<string> {
  let depth = 0;
  let outside = "";
  for (const letter of usage) {
    if ("[(".includes(letter)) depth += 1;
    if (depth === 0) outside += letter;
    if ("])".includes(letter)) depth = Math.max(0, depth - 1);
  }
  return new Set(outside.split(/\s+/));
}

interface Entry {
  readonly invocation: string;
  readonly help: string;
}

/** Lines indented by two begin an entry; deeper ones go on with its help. Descriptions and headings are not indented. */
function entriesOf(lines: readonly string[]): readonly Entry[] {
  const entries: { invocation: string; help: string }[] = [];
  let heading = "";
  let isOpen = false;
  for (const line of lines) {
    const begins = /^ {2}(\S.*)$/.exec(line)?.[1];
    if (begins !== undefined && (begins.startsWith("-") || /^positional arguments:$/i.test(heading))) {
      const [invocation = "", ...help] = begins.split(/\s{2,}/);
      entries.push({ invocation, help: help.join(" ") });
      isOpen = true;
    } else if (/^ {3,}\S/.test(line) && isOpen) {
      const last = entries.at(-1);
      if (last !== undefined) last.help = `${last.help} ${line.trim()}`.trim();
    } else {
      isOpen = false;
      if (/^\S/.test(line)) heading = line.trim();
    }
  }
  return entries;
}

function argumentOf({ invocation, help }: Entry, required: ReadonlySet<string>): ScriptArgument {
  const fallback = fallbackOf(help);
  if (!invocation.startsWith("-")) {
    const choices = choicesOf(invocation);
    return {
      flag: null,
      name: choices === null ? invocation : "choice",
      takes: "one",
      opposite: null,
      type: null,
      choices,
      fallback,
      isRequired: required.has(invocation),
      help,
    };
  }
  // `-r RATE, --rate RATE` before Python 3.13, `-r, --rate RATE` since; click's `--amp / --no-amp`.
  const spelled = invocation.split(/, (?=-)| \/ (?=-)/).map((part) => part.split(/ (.*)/));
  const { flag, opposite } = flagsOf(spelled.map(([one = ""]) => one));
  const value = spelled.at(-1)?.[1] ?? "";
  const choices = choicesOf(value);
  const isOne = choices !== null || /^[^\s[\]]+$/.test(value);
  return {
    flag,
    name: (flag ?? invocation).replace(/^-+/, ""),
    takes: value === "" ? "nothing" : isOne ? "one" : "several",
    opposite,
    type: value === "INTEGER" || value === "FLOAT" ? "number" : null,
    choices,
    fallback,
    isRequired: spelled.some(([one = ""]) => required.has(one)) || /\[required\]$/.test(help.trim()),
    help,
  };
}

/** Of an argument's flags the long one, and the one that means its opposite. */
export function flagsOf(flags: readonly string[]): Pick<ScriptArgument, "flag" | "opposite"> {
  const flag = flags.find((one) => one.startsWith("--")) ?? flags[0] ?? null;
  const opposite = flag?.startsWith("--") === true ? flag.replace(/^--/, "--no-") : null;
  return { flag, opposite: flags.find((one) => one === opposite) ?? null };
}

function choicesOf(value: string): readonly string[] | null {
  // argparse's {fast,slow}, click's [fast|slow].
  const inside = /^\{([^{}]+)\}$/.exec(value)?.[1];
  if (inside !== undefined) return inside.split(",");
  return (
    /^\[([^[\]|]+(?:\|[^[\]|]+)+)\]$/
      .exec(value)?.[1]
      ?.split("|")
      .map((one) => one.trim()) ?? null
  );
}

/** The last `(default: X)`; X may hold parentheses of one depth. */
function fallbackOf(help: string): string | null {
  const found = [
    ...help.matchAll(/[([]defaults?(?:\s*[:=]\s*|\s+)((?:[^()]|\([^()]*\))*?)[)\]](?=\W*$|\s)/gi),
  ].at(-1)?.[1];
  if (found === undefined) return null;
  const bare = found.trim().replace(/^(['"])(.*)\1$/, "$2");
  return bare === "" || bare === "None" || bare === "==SUPPRESS==" ? null : bare;
}
