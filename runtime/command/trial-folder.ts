// The folder of one trial of a program: copies of its files and its configuration. What an interrupted trial left in its checkpoint
// folder stays for the next start; what an ended one left does not.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { type CommandConfig, type CommandToken, isToken } from "../../lib/experiment/command.ts";
import type { Json } from "../../lib/experiment/json.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { TrialContext } from "../../lib/experiment/trial-context.ts";
import type { CommandFile } from "../plan/plan.ts";
import { parsed } from "./values.ts";

type Values = Pick<TrialContext, "parameters" | "replicate">;

export interface TrialFolder {
  readonly folder: string;
  readonly config: string;
  readonly checkpoint: string;
}

const endedMark = ".ended";

/** Makes the folder of a trial, below `work`, and fills it. */
export function prepareFolder(of: {
  readonly work: string;
  readonly job: string;
  /** Folder of the build that keeps the files. */
  readonly build: string;
  readonly files: readonly CommandFile[];
  readonly config: CommandConfig;
  readonly values: Values;
}): TrialFolder {
  const { work, job, build, files, config, values } = of;
  const name = createHash("sha256").update(conditionKeyOf(values.parameters)).digest("hex").slice(0, 16);
  const folder = join(work, job, `${name}-${values.replicate.index}`);
  const checkpoint = join(folder, "checkpoint");
  empty(folder, existsSync(join(folder, endedMark)) ? null : "checkpoint");
  mkdirSync(checkpoint, { recursive: true });
  for (const { path, kept } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(build, kept), join(folder, path));
  }
  const file = join(folder, insideName(config.file ?? "config.json"));
  const base =
    config.base === undefined ? {} : parsed(readFileSync(join(folder, config.base), "utf8"), config.base);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(merged(base, settings(config, values)), null, 2)}\n`);
  return { folder, config: file, checkpoint };
}

/** Says that the trial ended by itself, so that the next start is from the beginning. */
export function markEnded(folder: string): void {
  writeFileSync(join(folder, endedMark), "");
}

/** The value of a token in a trial. */
export function tokenValue(token: CommandToken, values: Values, paths: Omit<TrialFolder, "folder">): Json {
  switch (token.token) {
    case "config-file":
      return paths.config;
    case "checkpoint":
      return paths.checkpoint;
    case "seed":
      return values.replicate.seed;
    case "parameter": {
      const value = values.parameters[token.name];
      if (value === undefined) throw new Error(`the trial has no parameter "${token.name}"`);
      return value;
    }
  }
}

function settings({ set }: CommandConfig, values: Values): Readonly<Record<string, Json>> {
  if (set === undefined) return { ...values.parameters, seed: values.replicate.seed };
  const none = { config: "", checkpoint: "" };
  return Object.fromEntries(
    Object.entries(set).map(([key, value]) => [
      key,
      isToken(value) ? tokenValue(value, values, none) : value,
    ]),
  );
}

/** The base with the settings in it; a dot in a key goes deeper. */
function merged(
  base: Readonly<Record<string, unknown>>,
  set: Readonly<Record<string, Json>>,
): Readonly<Record<string, unknown>> {
  let whole = base;
  for (const [key, value] of Object.entries(set)) whole = withValue(whole, key.split("."), value);
  return whole;
}

function withValue(
  base: Readonly<Record<string, unknown>>,
  [first = "", ...rest]: readonly string[],
  value: Json,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return { ...base, [first]: value };
  const below = base[first];
  const inner = typeof below === "object" && below !== null && !Array.isArray(below) ? { ...below } : {};
  return { ...base, [first]: withValue(inner, rest, value) };
}

function empty(folder: string, kept: string | null): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name !== kept) rmSync(join(folder, name), { recursive: true });
}

/** A name that stays within its folder. */
export function insideName(name: string): string {
  const plain = normalize(name);
  if (isAbsolute(plain) || plain.startsWith(".."))
    throw new Error(`"${name}" lies outside the trial's folder`);
  return plain;
}
