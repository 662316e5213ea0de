// The words and options of `lab power`; its code, power.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { differencesOf, numberBetween, numbersOf } from "../option-values.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const powerCommand: CommandSpec = {
  name: "power",
  positional: "[experiment|path]",
  group: "conclude",
  summary: "how many replicates for which effect, from an assumed spread or a pilot run",
  details: [
    "Examples:",
    "  lab power --sd 0.3 --effect 0.1        replicates that find a difference of 0.1",
    "  lab power --from 0.2 --to 0.4          of a metric that is yes or no: between these shares",
    "  lab power --pilot latest --effect 0.1  with the spread of a run, pair by pair, simulated too",
    "  lab power --pilot latest -o power.svg  the power curve",
  ].join("\n"),
  options: [
    { flags: "--pilot <run>", summary: "take the spread from this run", env: null },
    { flags: "--metric <name>", summary: "the metric (default: the primary)", env: null },
    {
      flags: "--factor <name>",
      summary: "the factor of a pilot whose levels are compared (default: the first compared)",
      env: null,
    },
    {
      flags: "--effect <differences>",
      summary:
        "differences in the metric's units, a,b for several; in standard deviations without --sd and --pilot",
      env: null,
      parse: differencesOf("--effect"),
    },
    {
      flags: "--from <number>",
      summary: "assumed share of a boolean, or rate of a count, that others are held against",
      env: null,
      parse: numberBetween("--from", 0),
    },
    {
      flags: "--to <numbers>",
      summary: "shares or rates to tell from it, a,b for several",
      env: null,
      parse: numbersOf("--to"),
    },
    {
      flags: "--correlation <number>",
      summary: "of paired outcomes or counts under common random numbers (default: 0)",
      env: null,
      parse: numberBetween("--correlation", -1, 1),
    },
    {
      flags: "--theta <number>",
      summary: "dispersion of a count: its variance is mean + mean^2 / theta (default: none)",
      env: null,
      parse: numberBetween("--theta", 0),
    },
    {
      flags: "--exposure <number>",
      summary: "what the events of one trial are counted over (default: 1)",
      env: null,
      parse: numberBetween("--exposure", 0),
    },
    {
      flags: "--sd <number>",
      summary: "assumed standard deviation",
      env: null,
      parse: numberBetween("--sd", 0),
    },
    {
      flags: "--power <share>",
      summary: "the wanted power (default: 0.8)",
      env: null,
      parse: numberBetween("--power", 0.05, 1),
    },
    {
      flags: "-o, --output <file>",
      summary: "write the curve as .svg, or table and curve as .html",
      env: null,
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./power.ts"),
};
