// What the type checker says of a definition, in the words of a definition: its own sentences show how labwright's types are built.
import { listed } from "./nearest.ts";
import { notHandedWords } from "./trial-parts.ts";

export interface ExplainedTypeError {
  readonly text: string;
  readonly hint: string | null;
}

/** What is known of the place besides the message. */
export interface TypeErrorPlace {
  /** Whether the definition has its `stages` below the place. */
  readonly stagesBelow: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  say(found: readonly string[], place: TypeErrorPlace): ExplainedTypeError;
}

/** The first that matches speaks. Types come as the checker prints them, in quotes and at full length. */
const rules: readonly Rule[] = [
  {
    pattern: /Property '([^']+)' does not exist on type 'InputsOf<[^']*'(?:.*Did you mean '([^']+)')?/s,
    say: ([, name = "", near], { stagesBelow }) => ({
      text: `There is no input "${name}"`,
      hint:
        near !== undefined
          ? `Did you mean "${near}"?`
          : stagesBelow
            ? "`stages` stands below `trial`: move it above. TypeScript reads a definition from top to bottom."
            : "Inputs are what `stages` returns, written above `trial`, and the experiments of `needs`.",
    }),
  },
  {
    pattern: /Property '([^']+)' does not exist on type '(Trial|Stage|Record)Context</,
    say: ([, name = "", whose = "Trial"]) =>
      notHandedWords(whose === "Record" ? "onRecord" : `A ${whose.toLowerCase()}`, name),
  },
  {
    pattern:
      /Property '([^']+)' does not exist on type '(?:Analysis)?Door<[^']*'(?:.*Did you mean '([^']+)')?/s,
    say: ([, name = "", near]) => ({
      text: `There is no analysis "${name}"`,
      hint: near === undefined ? "docs/experiment.md lists the analyses." : `Did you mean "${near}"?`,
    }),
  },
  {
    // Of a command the check of definitions says it: a name that nobody has.
    pattern:
      /^(?!Type 'Command<).*TrialReturn<.*Types of property '([^']+)' are incompatible: Type '([^']*)' is not assignable to type '([^']*)'/s,
    say: ([, name = "", found = "", wanted = ""]) => ({
      text: `The trial returns ${article(found)} for the metric "${name}", which takes ${article(wanted)}`,
      hint: /^Promise</.test(found) ? "Await it." : null,
    }),
  },
  {
    pattern: /Type 'void' is not assignable to type '[^']*TrialReturn</,
    say: () => ({ text: "The trial returns nothing", hint: returnHint }),
  },
  {
    pattern: /Type 'undefined' is not assignable to type '[^']*TrialReturn</,
    say: () => ({ text: "The trial returns nothing on one of its ways out", hint: returnHint }),
  },
  {
    pattern: /Type '([^']*)' is not assignable to type '[^']*TrialReturn<(\{[^']*)'/,
    say: ([, found = "", metrics = ""]) => {
      const names = [...metrics.matchAll(/readonly ([\w$]+):/g)].map(([, name = ""]) => name);
      return {
        text: `The trial returns ${article(found)} where metrics by name belong`,
        hint:
          names.length === 0
            ? returnHint
            : `Return ${listed(names.map((name) => `"${name}"`))} as an object.`,
      };
    },
  },
];

const returnHint = "Return a value for every metric, or refuse(...) or censored(...), on every way out.";

/** The explanation of a message about a definition; null for a message about anything else. */
export function explainDefinitionType(message: string, place: TypeErrorPlace): ExplainedTypeError | null {
  for (const { pattern, say } of rules) {
    const found = pattern.exec(message);
    if (found !== null) return say([...found], place);
  }
  return null;
}

/** "a number", "an object", "text": what people call a type. */
function article(type: string): string {
  const plain = type.replaceAll("readonly ", "");
  if (plain === "string") return "text";
  if (plain === "undefined" || plain === "null") return plain;
  if (/^(number|boolean)( \| (null|undefined))?$/.test(plain)) return `a ${plain.replace(" | ", " or ")}`;
  if (/^Promise</.test(plain)) return "a promise";
  if (/^(\[|.*\[\]$)/.test(plain)) return "a list";
  return plain.startsWith("{") ? "an object" : plain.length <= 60 ? plain : `${plain.slice(0, 57)}...`;
}

const internal: Readonly<Record<string, string>> = {
  TrialContext: "what a trial is handed",
  StageContext: "what a stage is handed",
  RecordContext: "what onRecord is handed",
  TrialReturn: "what a trial returns",
  StageDoor: "what stages is handed",
  AnalysisDoor: "what analyses is handed",
  Door: "what analyses is handed",
  InputsOf: "the inputs",
  NoInfer: "a part of the definition",
  ExperimentOptions: "a definition",
  TestOptions: "the options of an analysis",
  CommonOptions: "the options of an analysis",
  DeclaredAnalyses: "a list of analyses",
  ReturnedStages: "stages by name",
};
const internalNames = new RegExp(`\\b(${Object.keys(internal).join("|")})\\b`);

/** A message without the names of types that authors never wrote. */
export function withoutInternals(message: string): string {
  return message.replace(/'([^']*)'/g, (whole, type: string) => {
    const name = internalNames.exec(type)?.[1];
    return name === undefined ? whole : (internal[name] ?? whole);
  });
}
