// Builds the command line from the table of commands: parsing, help, environment variables and exit codes are the same for all.
import { Command, InvalidArgumentError, Option } from "commander";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { labwrightVersion } from "../version.ts";
import { type Choice, expectedWords } from "./choice.ts";
import type { CommandSpec, OptionValues } from "./command.ts";
import { commands } from "./commands.ts";

const headings: Readonly<Record<CommandSpec["group"], string>> = {
  write: "Write an experiment:",
  run: "Run it:",
  look: "Look at what happened:",
  conclude: "Conclude:",
  keep: "Keep house:",
};

const closing = `
A first experiment: lab init && lab run && lab report
Exit codes:  0 done, 1 our bug, 2 invalid definition or
             usage, 3 a trial without a measurement,
             4 stopped by budget, 5 a gate failed,
             130 interrupted
Options stand after the command: lab run --help lists those
of run, with the environment variables that set them.
A run is an id or a unique prefix of it, its name,
"latest", or an experiment: the newest run that holds it.
NO_COLOR is honoured.`;

/** Help is wrapped down to this many columns of description. */
const minWidthToWrap = 20;

/** The program, ready to parse a command line. */
export function buildProgram(): Command {
  const program = new Command("lab")
    .description("Typed, resumable, statistically analysed experiments.")
    .version(labwrightVersion(), "-V, --version", "print the version of labwright")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: termOf, minWidthToWrap })
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`${text}  \`lab --help\` lists the commands; options stand after one.\n`),
    })
    .addHelpText("after", closing);
  for (const spec of commands) program.addCommand(commandOf(spec));
  // Whatever else stands there, help is what is wanted.
  const help = new Command("help")
    .arguments("[command]")
    .description("show help for a command")
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride();
  program.addCommand(
    help.action((name?: string) => {
      const found = program.commands.find((command) => command.name() === (name ?? ""));
      if (name !== undefined && found === undefined) throw unknownCommand(name);
      (found ?? program).help();
    }),
  );
  program.action((_options, command: Command) => {
    const [unknown] = command.args;
    if (unknown === undefined) return program.help();
    throw unknownCommand(unknown);
  });
  program.allowExcessArguments(true);
  return program;
}

function commandOf(spec: CommandSpec): Command {
  const command = new Command(spec.name)
    .description(spec.summary)
    .helpGroup(headings[spec.group])
    .exitOverride((error) => {
      throw error.code === missingCode && spec.choice !== undefined ? missing(spec, spec.choice) : error;
    })
    .configureHelp({ optionDescription: descriptionOf, minWidthToWrap })
    .configureOutput({
      outputError(text, write) {
        // A choice is told by the error that takes its place.
        if (spec.choice !== undefined && text.startsWith(missingText)) return;
        write(`${text}  \`lab ${spec.name} --help\` lists what it takes.\n`);
      },
    })
    .allowExcessArguments(false)
    .allowUnknownOption(spec.takesDashes ?? false);
  if (spec.positional !== "") command.arguments(spec.positional);
  for (const option of spec.options) {
    const built = new Option(option.flags, option.summary);
    if (option.env !== null) built.env(option.env);
    if (option.parse !== undefined)
      built.argParser(option.parse as (text: string, earlier: unknown) => unknown);
    if (option.initial !== undefined) built.default(option.initial, "");
    if (option.choices !== undefined) built.choices([...option.choices]).argParser(choiceOf(option.choices));
    command.addOption(built);
  }
  if (spec.details !== undefined) command.addHelpText("after", `\n${spec.details}`);
  command.action(async (...given: unknown[]) => {
    const positional = command.processedArgs
      .flat()
      .filter((value): value is string => typeof value === "string");
    const options: OptionValues = command.opts();
    void given;
    const { handle } = await spec.load();
    process.exitCode = await handle(positional, options, commands);
  });
  return command;
}

/** What commander says of a command without its first word. */
const missingCode = "commander.missingArgument";
const missingText = "error: missing required argument";

function missing({ name }: CommandSpec, choice: Choice): UserError {
  return new UserError(`lab ${name} takes a ${choice.noun}`, {
    hint: `${expectedWords(choice)} \`lab ${name} --help\` lists what it takes.`,
  });
}

function choiceOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    const near = nearest(text, choices);
    const meant = near === null ? "" : ` Did you mean ${near}?`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.${meant}`);
  };
}

/** Summaries name their defaults in words; what is added is the choice there is and the environment variable. */
function descriptionOf({ description, argChoices, envVar }: Option): string {
  const choices = argChoices === undefined ? "" : ` (${argChoices.join(", ")})`;
  return `${description}${choices}${envVar === undefined ? "" : ` [${envVar}]`}`;
}

/** A command with its arguments, without the "[options]" that every one has: short enough to leave room on narrow terminals. */
function termOf(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(" ");
}

function unknownCommand(name: string): UserError {
  const near = nearest(
    name,
    commands.map((spec) => spec.name),
  );
  return new UserError(`lab has no command "${name}"`, {
    hint:
      near === null
        ? "`lab --help` lists the commands."
        : `Did you mean \`lab ${near}\`? \`lab --help\` lists the commands.`,
  });
}
