// The first draft of an experiment around a script: what its help says becomes parameters, and comments say where its author must look.
import type { ScriptArguments } from "./argparse-dump.ts";
import type { ScriptArgument } from "./argparse-help.ts";

interface Part {
  /** In `parameters`; null where the argument is no parameter. */
  readonly parameter: string | null;
  /** In `run`. */
  readonly run: string;
}

/** The text of an experiment file beside the script: `script` is its file name. Of subcommands the first is drafted. */
export function draftExperiment(script: string, told: ScriptArguments): string {
  const { command } = told;
  const given = [...told.arguments, ...(command?.arguments ?? [])];
  const isPlaced = (one: ScriptArgument) => isSeed(one) || valuesOf(one) !== null;
  const left = given.filter((one) => !isPlaced(one));
  const ordered = (all: readonly ScriptArgument[]): readonly ScriptArgument[] => {
    const placed = all.filter(isPlaced);
    return [...placed.filter(({ flag }) => flag !== null), ...placed.filter(({ flag }) => flag === null)];
  };
  const before = ordered(told.arguments);
  const placed = [...before, ...ordered(command?.arguments ?? [])];
  const parts = placed.map((one, index) => partOf(one, uniqueName(one, placed.slice(0, index))));
  const parameters = parts.flatMap(({ parameter }) => (parameter === null ? [] : [parameter]));
  const words = parts.map(({ run }) => run);
  const run = [
    JSON.stringify(script),
    ...words.slice(0, before.length),
    ...(command === null ? [] : [JSON.stringify(command.name)]),
    ...words.slice(before.length),
  ];
  const isSeeded = placed.some(isSeed);
  const isSwept = placed.some((one) => !isSeed(one) && (valuesOf(one)?.length ?? 0) > 1);
  const used = {
    command: true,
    defineExperiment: true,
    metric: true,
    parameter: parameters.length > 0,
    replicate: true,
    sweep: isSwept,
    trialSeed: isSeeded,
  };
  const imports = Object.entries(used).flatMap(([word, isUsed]) => (isUsed ? [word] : []));
  const name = stem(script)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `// A first draft, made from the help of ${plain(script)}. "Look here" marks what its author must decide.
import { ${imports.join(", ")} } from "labwright";

export default defineExperiment({
  name: ${JSON.stringify(/^[a-z]/.test(name) ? name : `script-${name}`)},
  // Look here: the question that the experiment answers.
  question: ${JSON.stringify(`What do the options of ${script} change?`)},
  // Look here: sweep([...]) what is compared; a single value is the same in all trials.
  parameters: {${parameters.map((line) => `\n    ${line}`).join("")}
  },
${left.length === 0 ? "" : `${leftComment(left)}\n`}  // Look here: how many replicates of each condition.
${isSeeded ? "" : `  // The help names no --seed: a script that draws random numbers has to take its seed from the variable LABWRIGHT_SEED.\n`}  replicates: replicate(5, { seed: 1 }),
  // Look here: the metrics. This one is an example; it is the key "exampleScore" of metrics.json, which the script writes where it runs.
  metrics: { exampleScore: metric.number({ direction: "maximize" }) },
  primary: "exampleScore",
  trial: command({
${commandComment(command)}    run: [
      "python3",
      ${run.join(",\n      ")},
    ],
    // Look here: a trial runs in an empty folder. Name what the script reads, modules of its own too: files: ["data.csv"].
    files: [],
    metrics: { json: "metrics.json" },
  }),
});
`;
}

function isSeed({ flag, name, takes }: ScriptArgument): boolean {
  return flag !== null && takes === "one" && /^((random|rng)[-_])?seed$/i.test(name);
}

/** The values that the argument has in the draft; null where the script decides. */
function valuesOf(one: ScriptArgument): readonly string[] | null {
  if (one.takes === "nothing") {
    if (one.opposite === null || one.fallback === null) return null;
    return [one.fallback === "True" ? (one.flag ?? "") : one.opposite];
  }
  if (one.flag === null && !one.isRequired) return null;
  if (one.choices !== null) return one.choices;
  if (one.takes === "one" && one.fallback !== null) return [one.fallback];
  return one.isRequired ? [one.type === "number" ? "1" : `example-${one.name}`] : null;
}

/** Its parameter's name, numbered where earlier arguments have the same. */
function uniqueName(one: ScriptArgument, earlier: readonly ScriptArgument[]): string {
  const name = parameterName(one.name);
  const same = earlier.filter((other) => parameterName(other.name) === name).length;
  return same === 0 ? name : `${name}_${same + 1}`;
}

function partOf(one: ScriptArgument, name: string): Part {
  const flag = one.flag === null || one.takes === "nothing" ? "" : `${JSON.stringify(one.flag)}, `;
  if (isSeed(one)) return { parameter: null, run: `${flag}trialSeed` };
  const values = (valuesOf(one) ?? []).map((value, _, all) =>
    one.type === "text" ? JSON.stringify(value) : literalOf(value, all),
  );
  const isExample = one.isRequired && one.choices === null && one.fallback === null;
  const note = isExample ? "Look here: it needs a value. " : "";
  const said = plain(`${note}${one.help}`);
  const value = values.length === 1 ? values[0] : `sweep([${values.join(", ")}])`;
  return {
    parameter: `${name}: ${value},${said === "" ? "" : ` // ${said}`}`,
    run: `${flag}parameter(${JSON.stringify(name)})`,
  };
}

/** A number where all values are numbers, else a string. */
function literalOf(value: string, all: readonly string[]): string {
  const isNumber = (text: string) =>
    /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text) &&
    Number.isFinite(Number(text)) &&
    (!/^-?\d+$/.test(text) || Number.isSafeInteger(Number(text)));
  return all.every(isNumber) ? String(Number(value)) : JSON.stringify(value);
}

function leftComment(left: readonly ScriptArgument[]): string {
  const lines = left.map((one) => {
    const why =
      one.takes === "nothing"
        ? "a switch"
        : one.takes === "several"
          ? `several values${one.fallback === null ? "" : `, ${one.fallback} unless told`}`
          : "no default";
    return `  //   ${plain(`${one.flag ?? one.name} (${why})${one.help === "" ? "" : `: ${one.help}`}`)}`;
  });
  return ["  // Look here: left to the script; add them to `run` below where they matter.", ...lines].join(
    "\n",
  );
}

function commandComment(command: ScriptArguments["command"]): string {
  if (command === null || command.names.length < 2) return "";
  return `    // Look here: the script has the commands ${plain(command.names.join(", "))}; this is a draft of the first.\n`;
}

function parameterName(name: string): string {
  const camel = name
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
  return /^[A-Za-z]/.test(camel) ? camel : `option${camel}`;
}

export function stem(script: string): string {
  return script.replace(/\.[^.]+$/, "");
}

/** One line for a comment, whatever a script prints. */
function plain(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, " ")
    .trim()
    .slice(0, 110);
}
