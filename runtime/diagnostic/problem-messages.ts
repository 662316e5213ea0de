// Words for the mistakes that the builders of a definition kept as data (lib/experiment/problem.ts): one entry a code.
// The diagnostic's code is the problem's own, but for a few that say more plainly what a person did.
import type { DefinitionProblem, DefinitionProblemCode } from "../../lib/experiment/problem.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { listed, nearest, nearestOrAll } from "./nearest.ts";
import { error, type Place } from "./worded.ts";

interface Words {
  readonly message: string;
  readonly hint: string | null;
}

/** The diagnostic of a builder's problem at a place. */
export function definitionProblem(problem: DefinitionProblem, place: Place): Diagnostic {
  const { message, hint } = problemWords[problem.code](problem);
  return error(codeOf(problem.code), place, message, hint);
}

/** The code a person sees for a problem. */
export function codeOf(code: DefinitionProblemCode): string {
  return code === "not-json" ? "not-hashable-value" : code;
}

/** The words of each problem that builders can see. */
export const problemWords: Record<DefinitionProblemCode, (problem: DefinitionProblem) => Words> = {
  "not-json": (of) => ({
    message: `${capital(of.subject)} holds ${of.found ?? "a value"}, which cannot be hashed or sent to another process.`,
    hint: "Write JSON: null, booleans, finite numbers, text, arrays, plain objects. Sweep a name and look the rest up in the trial.",
  }),
  "bad-definition": (of) => {
    if (of.candidates.length > 0) {
      const keys = listed(of.candidates.map((key) => `"${key}"`));
      const near = nearest(of.subject, of.candidates);
      return {
        message: `A definition has no key "${of.subject}".`,
        hint: near === null ? `There are ${keys}.` : `Did you mean "${near}"?`,
      };
    }
    const what = of.subject === "" ? "A definition" : `The definition's ${of.subject}`;
    const message = of.found === null ? `${what} is missing.` : `${what} cannot be ${of.found}.`;
    return { message, hint: expectation(of) };
  },
  "empty-sweep": (of) => ({
    message: `${capital(of.subject)} has no levels.`,
    hint: of.expected === null ? "A factor needs at least one level." : expectation(of),
  }),
  "duplicate-level": (of) => ({
    message: `${of.found ?? "A level"} stands twice among the levels of ${of.subject}.`,
    hint: "Equal levels are equal conditions; for more trials of one raise the number of replicates.",
  }),
  "bad-range": (of) => ({
    message: `The range of ${of.subject} is impossible${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-name": (of) => ({
    message: `${capital(cut(of.subject))} has a name that cannot be used${found(of)}.`,
    hint: expectation(of) ?? "A name starts with a letter and goes on with letters, digits, - and _.",
  }),
  "duplicate-parameter": (of) => ({
    message: `${capital(of.subject)} is declared in two parts of the space.`,
    hint: "Each parameter has one source: rename one of the two.",
  }),
  "unequal-zip": (of) => ({
    message: `space.zip pairs sweeps of unequal length${found(of)}.`,
    hint: "Give each the same number of levels, or use the cross product, which is the default.",
  }),
  "space-as-value": (of) => ({
    message: `${capital(of.subject)} is a whole space where a value was expected.`,
    hint: "Combine spaces with space.cross(shared, space.oneOf(...)).",
  }),
  "bad-replicates": (of) => ({
    message: `The number of replicates is impossible${found(of)}.`,
    hint: expectation(of) ?? "Give a whole number from 1 to 4294967295.",
  }),
  "bad-seed": (of) => ({
    message: `The seed is impossible${found(of)}.`,
    hint: expectation(of) ?? "A root seed is a whole number from 0 to 2^53-1.",
  }),
  "bad-stopping-rule": (of) => ({
    message: `The stopping rule is impossible${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-command": (of) => ({
    message: `The command cannot be run${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-orchestrator": (of) => {
    // What was found ends with the name that is none of the candidates.
    const near = nearest(of.found?.split(" ").at(-1) ?? "", of.candidates);
    return {
      message: `The orchestrator cannot be asked${found(of)}.`,
      hint: near === null ? expectation(of) : `Did you mean "${near}"?`,
    };
  },
  "unknown-field": ({ subject, found: name, candidates }) => ({
    message: `${capital(subject)}: "${name}" is no field of the orchestrator's schema.`,
    hint: nearestOrAll(name ?? "", candidates, "field") ?? "It has no fields there.",
  }),
  "wrong-field-type": (of) => {
    const near = nearest(of.found?.replace(/^"|"$/g, "") ?? "", of.candidates);
    return {
      message: `${capital(of.subject)} does not fit the orchestrator's schema${found(of)}.`,
      hint: near === null ? expectation(of) : `Did you mean "${near}"?`,
    };
  },
  "bad-limits": (of) => ({
    message: `The limits are impossible${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-metric": (of) => ({
    message: `${capital(of.subject)} is impossible${found(of)}.`,
    hint: expectation(of),
  }),
  "no-metrics": (_of) => ({
    message: "The experiment declares no metric.",
    hint: "Name what a trial returns: metrics: { score: metric.number() }.",
  }),
  "unknown-metric": (of) => unknown(of, "metric"),
  "unknown-exposure": (of) => unknown(of, "metric with numbers, and no parameter"),
  "unknown-truth": (of) => unknown(of, of.subject.startsWith("truth") ? "parameter" : "metric with numbers"),
  "unknown-factor": (of) => unknown(of, "factor"),
  "unknown-level": (of) => ({
    message: `${capital(of.subject)}: ${of.found ?? "that"} is not a level.`,
    hint: of.candidates.length === 0 ? expectation(of) : `The levels are ${listed(of.candidates)}.`,
  }),
  "unknown-series": (of) => unknown(of, "series"),
  "unknown-column": (of) => unknown(of, "column"),
  "unknown-parameter": (of) => unknown(of, "parameter"),
  "no-primary": (of) => ({
    message: `${capital(of.subject)} names no metric, and the experiment has no primary one.`,
    hint: 'Name a metric, or say primary: "..." in the definition.',
  }),
  "bad-option": (of) => ({
    message: `${capital(of.subject)} has an impossible option${found(of)}.`,
    hint: expectation(of),
  }),
  "rounds-as-replicates": (of) => ({
    message: `${capital(of.subject)} would count rounds of one trial as replicates${found(of)}.`,
    hint: "Rounds of a trial depend on each other. Return one number a trial, and compare trials.",
  }),
  "duplicate-analysis": (of) => ({
    message: `${capital(of.subject)} occurs twice.`,
    hint: 'Give one of the two a name of its own: name: "...".',
  }),
  "callback-threw": (of) => ({
    message: `The ${of.subject.replace(" ", " of ")} threw while the definition was built${found(of)}.`,
    hint: expectation(of),
  }),
  "duplicate-stage": (of) => ({
    message: `${capital(of.subject)} has a name that is taken${found(of)}.`,
    hint: expectation(of) ?? 'Each stage needs a name of its own; the last one is always "trial".',
  }),
  "stage-alias": (of) => ({
    message: `${capital(of.subject)} is needed under another name${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-stage": (of) => ({
    message: `${capital(of.subject)} is impossible${found(of)}.`,
    hint: expectation(of),
  }),
  "bad-effect": (of) => ({
    message: `${capital(of.subject)} is no port that can be asked${found(of)}.`,
    hint: expectation(of),
  }),
  "not-an-experiment": (of) => ({
    message: `${capital(of.subject)} is no experiment${found(of)}.`,
    hint: expectation(of) ?? "needs takes what defineExperiment returned.",
  }),
  "too-many-trials": (of) => ({
    message: `The experiment has more trials than can be numbered${found(of)}.`,
    hint: "Conditions times replicates must stay below 4294967296: sample the space (design.latinHypercube, sobol, random) or take fewer replicates.",
  }),
  "fixed-parameter": (of) => ({
    message: `${capital(of.subject)} cannot be set on the command line.`,
    hint: expectation(of),
  }),
};

function unknown(of: DefinitionProblem, noun: string): Words {
  const name = unquoted(of.found ?? "");
  if (
    of.expected !== null &&
    of.candidates.every((candidate) => nearest(name, [unquoted(candidate)]) === null)
  ) {
    // It may well exist (a category where a mean is asked for): "is no metric" would be false.
    const fitting =
      of.candidates.length === 0
        ? ""
        : ` Fitting: ${listed(of.candidates.map((each) => `"${unquoted(each)}"`))}.`;
    return {
      message: `${capital(of.subject)}: "${name}" cannot stand here.`,
      hint: `${expectation(of)}${fitting}`,
    };
  }
  return {
    message:
      name === ""
        ? `${capital(of.subject)}: no ${noun} is given.`
        : `${capital(of.subject)}: "${name}" is no ${noun}.`,
    hint: nearestOrAll(name, of.candidates.map(unquoted), noun) ?? expectation(of),
  };
}

function expectation({ expected, found: name, candidates }: DefinitionProblem): string | null {
  const near = name === null ? null : nearest(unquoted(name), candidates.map(unquoted));
  if (near !== null) return `Did you mean "${near}"?`;
  return expected === null ? null : `Expected ${expected.replace(/[.]$/, "")}.`;
}

function found({ found: text }: DefinitionProblem): string {
  return text === null ? "" : `: ${text.replace(/[.]$/, "")}`;
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}

/** A name of hundreds of characters is told by its beginning. */
function cut(subject: string): string {
  return subject.length <= 80 ? subject : `${subject.slice(0, 76)}..."`;
}

/** At the head of a sentence; the name of a builder stays as it is written. */
function capital(text: string): string {
  return /^[a-z]+( |$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
