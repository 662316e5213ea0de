// Builds the command line from the table of commands: parsing, help, environment variables and exit codes are the same for all.
import { Command, Option } from "commander";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { CommandSpec, OptionValues } from "./command.ts";
import { commands } from "./commands.ts";
import { labwrightVersion } from "./version.ts";

const headings: Readonly<Record<CommandSpec["group"], string>> = {
  write: "Write an experiment:",
  run: "Run it:",
  look: "Look at what happened:",
  conclude: "Conclude:",
  keep: "Keep house:",
};

const closing = `
A first experiment:   lab init && lab run && lab report
Exit codes:           0 done, 1 our bug, 2 invalid definition or usage, 3 some trials failed,
                      4 stopped by budget, 5 a gate failed, 130 interrupted
Every flag can be set by an environment variable LAB_<FLAG>; NO_COLOR is honoured.
"latest" and any unique prefix stand for an id.`;

/** The program, ready to parse a command line. */
export function buildProgram(): Command {
  const program = new Command("lab")
    .description("Typed, resumable, statistically analysed experiments.")
    .version(labwrightVersion(), "-V, --version", "print the version of labwright")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error: ")) })
    .addHelpText("after", closing);
  for (const spec of commands) program.addCommand(commandOf(spec));
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
    .exitOverride()
    .allowExcessArguments(false);
  if (spec.positional !== "") command.arguments(spec.positional);
  for (const option of spec.options) {
    const built = new Option(option.flags, option.summary);
    if (option.env !== null) built.env(option.env);
    if (option.parse !== undefined)
      built.argParser(option.parse as (text: string, earlier: unknown) => unknown);
    if (option.initial !== undefined) built.default(option.initial, "");
    if (option.choices !== undefined) built.choices([...option.choices]);
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
    process.exitCode = await handle(positional, options);
  });
  return command;
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
