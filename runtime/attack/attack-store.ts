// `.lab/attacks/`: which environments have passed with which code, and the scenarios that broke one. A later attack tries these first.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Scenario } from "./scenario.ts";

/** A counterexample as it is kept: enough to play it again. */
export interface KeptScenario {
  readonly format: "labwright.counterexample/1";
  readonly environment: string;
  /** The environment's file, relative to the project. */
  readonly file: string;
  readonly rule: string;
  readonly scenario: Scenario;
}

/** What an environment has passed. */
export interface Pass {
  readonly environment: string;
  /** Of its file and all that it imports. */
  readonly code: string;
  readonly runs: number;
  readonly seed: number;
}

function folderOf(root: string): string {
  return path.join(root, ".lab", "attacks");
}

/** Keeps a counterexample; returns its path relative to the project. The same scenario is kept once. */
export function keepCounterexample(root: string, kept: KeptScenario): string {
  const text = `${JSON.stringify(kept, null, 2)}\n`;
  const hash = createHash("sha256").update(JSON.stringify(kept.scenario)).digest("hex").slice(0, 8);
  const file = path.join(folderOf(root), `${kept.environment}-${hash}.json`);
  writeWhole(file, text);
  return path.relative(root, file).split(path.sep).join("/");
}

/** The scenarios that are kept, by environment. Files that are none are left alone. */
export function knownScenarios(root: string): Readonly<Record<string, readonly Scenario[]>> {
  const folder = folderOf(root);
  if (!existsSync(folder)) return {};
  const known: Record<string, Scenario[]> = {};
  for (const name of readdirSync(folder).sort()) {
    const kept = name === passesFile ? null : readCounterexample(path.join(folder, name));
    if (kept === null) continue;
    known[kept.environment] = [...(known[kept.environment] ?? []), kept.scenario];
  }
  return known;
}

/** The path of the counterexample that was kept last; null where none is kept. */
export function newestCounterexample(root: string): string | null {
  const folder = folderOf(root);
  if (!existsSync(folder)) return null;
  const kept = readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => path.basename(file) !== passesFile && readCounterexample(file) !== null);
  const [newest = null] = kept.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs || (a < b ? -1 : 1));
  return newest;
}

/** A counterexample's file; null for anything else. */
export function readCounterexample(file: string): KeptScenario | null {
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    // The format is the promise that the rest is there, as keepCounterexample wrote it.
    const isKept =
      typeof read === "object" &&
      read !== null &&
      "format" in read &&
      read.format === "labwright.counterexample/1" &&
      "scenario" in read;
    return isKept ? (read as KeptScenario) : null;
  } catch {
    return null;
  }
}

const passesFile = "passes.json";

/** Whether this code of an environment's file has passed. */
export function hasPassed(root: string, code: string): boolean {
  return passesOf(root).some((pass) => pass.code === code);
}

/** Remembers a pass, in place of an earlier one of the same environment. */
export function keepPass(root: string, pass: Pass): void {
  const others = passesOf(root).filter(({ environment }) => environment !== pass.environment);
  writeWhole(path.join(folderOf(root), passesFile), `${JSON.stringify([...others, pass], null, 2)}\n`);
}

function passesOf(root: string): readonly Pass[] {
  try {
    const read: unknown = JSON.parse(readFileSync(path.join(folderOf(root), passesFile), "utf8"));
    return Array.isArray(read) ? (read as readonly Pass[]) : [];
  } catch {
    return []; // What cannot be read proves nothing: the environment is attacked again.
  }
}

function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}
