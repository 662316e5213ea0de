// What a Python script tells argparse, asked of argparse itself: the script is run up to `parse_args`, where its arguments are written
// down with types, defaults and subcommands instead of being parsed. A script without argparse answers `--help` in its own way.
import { z } from "zod";
import { flagsOf, type ScriptArgument } from "./argparse-help.ts";

/** Stands before the arguments in the output; what comes before it is the script's. */
const mark = "labwright-arguments:";

/** A program for `python3 -c`, with the script as its argument. */
export const askArgparse = `
import argparse, json, os, runpy, sys

def text(value):
    if value is None or value is argparse.SUPPRESS: return None
    if isinstance(value, (list, tuple)): return " ".join(str(one) for one in value) or None
    return str(value)

def takes(action):
    if action.nargs == 0: return "nothing"
    if action.nargs in (None, "?", 1): return "one"
    return "several"

def typed(action):
    if action.type in (int, float): return "number"
    return "text" if action.type in (None, str) else None

def words(parser, action):
    if action.help is None or action.help is argparse.SUPPRESS: return ""
    try: return parser._get_formatter()._expand_help(action)
    except Exception: return action.help

def told(parser):
    arguments, commands = [], []
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._VersionAction)): continue
        if isinstance(action, argparse._SubParsersAction):
            known = {}
            for name, each in action.choices.items(): known.setdefault(id(each), (name, each))
            commands = [{"name": name, **told(each)} for name, each in known.values()]
            continue
        arguments.append({
            "flags": list(action.option_strings), "name": action.dest, "takes": takes(action),
            "choices": None if action.choices is None else [str(one) for one in action.choices],
            "type": typed(action), "fallback": text(action.default), "isRequired": bool(action.required), "help": words(parser, action),
        })
    return {"arguments": arguments, "commands": commands}

def tell(parser, *_, **__):
    sys.stdout.flush()
    os.write(1, ("\\n${mark}" + json.dumps(told(parser))).encode())
    os._exit(0)

argparse.ArgumentParser.parse_known_args = tell
argparse.ArgumentParser.parse_known_intermixed_args = tell
script = sys.argv[1]
sys.argv = [script, "--help"]
sys.path[0] = os.path.dirname(os.path.abspath(script))
runpy.run_path(script, run_name="__main__")
`;

/** A parser's arguments, and those of its first subcommand where it has any. */
export interface ScriptArguments {
  readonly arguments: readonly ScriptArgument[];
  readonly command: {
    readonly name: string;
    /** All of them, with this one. */
    readonly names: readonly string[];
    readonly arguments: readonly ScriptArgument[];
  } | null;
}

const toldArgument = z.object({
  flags: z.array(z.string()),
  name: z.string(),
  takes: z.enum(["nothing", "one", "several"]),
  type: z.enum(["number", "text"]).nullable(),
  choices: z.array(z.string()).nullable(),
  fallback: z.string().nullable(),
  isRequired: z.boolean(),
  help: z.string(),
});
const toldParser = z.object({
  arguments: z.array(toldArgument),
  commands: z.array(z.object({ name: z.string(), arguments: z.array(toldArgument) })),
});

/** The arguments in the output of `askArgparse`; null where the script has used no argparse. */
export function readArgparseDump(output: string): ScriptArguments | null {
  const at = output.lastIndexOf(mark);
  if (at === -1) return null;
  const told = toldParser.parse(JSON.parse(output.slice(at + mark.length)));
  const [first] = told.commands;
  return {
    arguments: told.arguments.map(argumentOf),
    command:
      first === undefined
        ? null
        : {
            name: first.name,
            names: told.commands.map(({ name }) => name),
            arguments: first.arguments.map(argumentOf),
          },
  };
}

function argumentOf({ flags, name, ...rest }: z.infer<typeof toldArgument>): ScriptArgument {
  const { flag, opposite } = flagsOf(flags);
  return { ...rest, flag, opposite, name: flag === null ? name : flag.replace(/^-+/, "") };
}
