// The folder of one trial of a program: copies of its files and its configuration. What an interrupted trial left in its checkpoint
// folder stays for the next start; what an ended one left does not.
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type CommandConfig, type CommandToken, isToken } from "../../lib/experiment/command.ts";
import type { Json } from "../../lib/experiment/json.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { TrialContext } from "../../lib/experiment/trial-context.ts";
import type { CommandFile } from "../plan/plan.ts";
import { endedMark } from "../store/kept/ended-mark.ts";
import { flagsOf, wordOf } from "./config-flags.ts";
import { configTextOf } from "./config-text.ts";

type Values = Pick<TrialContext, "parameters" | "replicate">;

export interface TrialFolder {
  readonly folder: string;
  readonly config: string;
  readonly checkpoint: string;
  /** Null where no earlier stage hands anything on. */
  readonly inputs: string | null;
  /** The words of the command line. */
  readonly run: readonly string[];
}

type Paths = Pick<TrialFolder, "config" | "checkpoint" | "inputs">;

/** Makes the folder of a trial, below `work`, and fills it. */
export async function prepareFolder(of: {
  readonly work: string;
  readonly job: string;
  /** Folder of the build that keeps the files. */
  readonly build: string;
  readonly files: readonly CommandFile[];
  readonly command: { readonly run: readonly (string | CommandToken)[]; readonly config?: CommandConfig };
  readonly values: Values;
  /** Null where no earlier stage hands anything on. */
  readonly inputs: Readonly<Record<string, unknown>> | null;
}): Promise<TrialFolder> {
  const { work, job, build, files, values } = of;
  const { run, config = {} } = of.command;
  const name = createHash("sha256").update(conditionKeyOf(values.parameters)).digest("hex").slice(0, 16);
  const folder = join(work, job, `${name}-${values.replicate.index}`);
  const checkpoint = join(folder, "checkpoint");
  empty(folder, existsSync(join(folder, endedMark)) ? null : "checkpoint");
  mkdirSync(checkpoint, { recursive: true });
  for (const { path, kept } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(build, kept), join(folder, path));
  }
  const [first] = run;
  const isOwn = typeof first === "string" && files.some(({ path }) => path === normalize(first));
  if (isOwn && first.includes("/")) chmodSync(join(folder, first), 0o755);
  const inputs = of.inputs === null ? null : join(folder, "inputs.json");
  if (inputs !== null) writeFileSync(inputs, `${JSON.stringify(of.inputs)}\n`);
  const base =
    config.base === undefined
      ? null
      : { name: config.base, text: readFileSync(join(folder, config.base), "utf8") };
  const file = join(folder, config.file ?? config.base ?? "config.json");
  const paths = { config: file, checkpoint, inputs };
  const settings = settingsOf(config, values, paths);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await configTextOf(file, { base, settings }));
  return {
    folder,
    ...paths,
    run: run.flatMap((part) => {
      if (!isToken(part)) return part;
      return part.token === "config-flags" ? flagsOf(settings) : wordOf(tokenValue(part, values, paths));
    }),
  };
}

/** Says that the trial ended by itself, so that the next start is from the beginning. */
export function markEnded(folder: string): void {
  writeFileSync(join(folder, endedMark), "");
}

function tokenValue(token: CommandToken, values: Values, paths: Paths): Json {
  switch (token.token) {
    case "config-file":
      return paths.config;
    case "checkpoint":
      return paths.checkpoint;
    case "inputs-file":
      return paths.inputs ?? "";
    case "seed":
      return values.replicate.seed;
    case "config-flags":
      throw new Error("configFlags stands for several words: it belongs into `run`");
    case "parameter": {
      const value = values.parameters[token.name];
      if (value === undefined) throw new Error(`the trial has no parameter "${token.name}"`);
      return value;
    }
  }
}

function settingsOf({ set }: CommandConfig, values: Values, paths: Paths): Readonly<Record<string, Json>> {
  if (set === undefined) return { ...values.parameters, seed: values.replicate.seed };
  return Object.fromEntries(
    Object.entries(set).map(([key, value]) => [
      key,
      isToken(value) ? tokenValue(value, values, paths) : value,
    ]),
  );
}

function empty(folder: string, kept: string | null): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name !== kept) rmSync(join(folder, name), { recursive: true });
}
