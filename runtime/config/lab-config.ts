// What `lab.config.ts` may say, and the reading of it: another's data, so every member is looked at before it is used.
import type { Port } from "../../lib/experiment/effects/port.ts";
import { isHandle } from "../../lib/experiment/handle.ts";
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { DeclaredPerformers } from "../effects/performer.ts";
import type { Engine } from "../execute/engine/engine.ts";
import { isNotifier, type Notifier } from "../notify/notifier.ts";
import type { RemoteStore } from "../store/s3/s3-address.ts";
import type { Tracker } from "../tracking/tracker.ts";

export interface LabConfig {
  /** Who performs the effects of a kind, for all trials of a run: in the process of the command, whatever the number of workers. */
  readonly performers?: DeclaredPerformers;
  /** Where trials run: `threads()`, `ssh({ hosts: ["big-box:8"] })`; worker threads of this machine unless told. */
  readonly engine?: Engine;
  /** Who is told of a run's start, end and troubles: `discord()`, `email()` and others of `labwright/notify`. */
  readonly notify?: readonly Notifier[];
  /** Tools that runs are shown in while they go on: `mlflow()` and others of `labwright/tracking`. */
  readonly tracking?: readonly Tracker[];
  /** Where artifacts and tables of finished runs lie too: `s3({ bucket: "results" })`. */
  readonly store?: RemoteStore;
}

/** A configuration without gaps. */
export interface FilledConfig {
  readonly performers: DeclaredPerformers;
  readonly notify: readonly Notifier[];
  readonly tracking: readonly Tracker[];
  readonly engine: Engine | null;
  readonly store: RemoteStore | null;
}

export const noConfig: FilledConfig = { performers: {}, notify: [], tracking: [], engine: null, store: null };

const members: readonly (keyof LabConfig)[] = ["performers", "engine", "notify", "tracking", "store"];

/** Throws UserError, in words that name `file`, for a value that is no configuration. */
export function readConfig(file: string, value: unknown): FilledConfig {
  if (value === undefined)
    throw new UserError(`${file} has no default export.`, {
      hint: "Write export default defineConfig({ performers: { ... } }).",
    });
  if (!isRecord(value))
    throw new UserError(`The default export of ${file} is ${typeof value}; expected an object.`, {
      hint: "Write export default defineConfig({ performers: { ... } }).",
    });
  for (const name of Object.keys(value)) {
    if (members.some((each) => each === name)) continue;
    const hint = nearestOrAll(name, members, "member");
    throw new UserError(`${file} has a member \`${name}\`, which means nothing.`, {
      hint: hint ?? undefined,
    });
  }
  return {
    performers: readPerformers(file, value.performers),
    notify: readNotifiers(file, value.notify),
    tracking: readTrackers(file, value.tracking),
    engine: readEngine(file, value.engine),
    store: readStore(file, value.store),
  };
}

function readStore(file: string, store: unknown): RemoteStore | null {
  if (store === undefined) return null;
  if (!isHandle(store, "labwright/store"))
    throw new UserError(`\`store\` of ${file} is ${typeof store}; expected a store.`, {
      hint:
        typeof store === "function"
          ? "Call it: s3({ bucket }), not s3."
          : 'For example: store: s3({ bucket: "results" }), from "labwright/config".',
    });
  const made = store as RemoteStore; // It has just been seen to be one.
  const [problem] = made.problems;
  if (problem === undefined) return made;
  throw new UserError(`\`store\` of ${file}, ${made.name}: ${problem.found}.`, {
    hint: `Expected ${problem.expected}.`,
  });
}

function readEngine(file: string, engine: unknown): Engine | null {
  if (engine === undefined) return null;
  const hint = 'For example: engine: ssh({ hosts: ["big-box:8"] }), from "labwright/config".';
  if (!isHandle(engine, "labwright/engine"))
    throw new UserError(`\`engine\` of ${file} is ${typeof engine}; expected an engine.`, {
      hint: typeof engine === "function" ? "Call it: threads(), not threads." : hint,
    });
  const made = engine as Engine; // It has just been seen to be one.
  const [problem] = made.problems;
  if (problem !== undefined)
    throw new UserError(`\`engine\` of ${file}, ${made.name}: ${problem.found}.`, {
      hint: `Expected ${problem.expected}.`,
    });
  return made;
}

function readNotifiers(file: string, notify: unknown): readonly Notifier[] {
  if (notify === undefined) return [];
  const hint = 'For example: notify: [discord(), email({ on: ["finish"] })], from "labwright/notify".';
  if (!Array.isArray(notify))
    throw new UserError(`\`notify\` of ${file} is ${typeof notify}; expected a list of notifiers.`, { hint });
  return notify.map((each: unknown, index) => {
    if (isNotifier(each)) return each;
    throw new UserError(
      `\`notify[${index}]\` of ${file} is ${typeof each === "function" ? "a function" : typeof each}; expected a notifier.`,
      { hint: typeof each === "function" ? "Call it: discord(), not discord." : hint },
    );
  });
}

function readTrackers(file: string, tracking: unknown): readonly Tracker[] {
  if (tracking === undefined) return [];
  const hint = 'For example: tracking: [mlflow()], from "labwright/tracking".';
  if (!Array.isArray(tracking))
    throw new UserError(`\`tracking\` of ${file} is ${typeof tracking}; expected a list of trackers.`, {
      hint,
    });
  return tracking.map((each: unknown, index) => {
    const place = `\`tracking[${index}]\` of ${file}`;
    if (!isHandle(each, "labwright/tracker"))
      throw new UserError(
        `${place} is ${typeof each === "function" ? "a function" : typeof each}; expected a tracker.`,
        { hint: typeof each === "function" ? "Call it: mlflow(), not mlflow." : hint },
      );
    const tracker = each as Tracker; // It has just been seen to be one.
    const [problem] = tracker.problems;
    if (problem === undefined) return tracker;
    throw new UserError(`${place}, ${tracker.name}: ${problem.found}.`, {
      hint: `Expected ${problem.expected}.`,
    });
  });
}

function readPerformers(file: string, performers: unknown): DeclaredPerformers {
  if (performers === undefined) return {};
  if (!isRecord(performers))
    throw new UserError(`\`performers\` of ${file} is ${typeof performers}; expected functions by kind.`, {
      hint: "For example: performers: { weather: async (request) => ({ response: ... }) }.",
    });
  for (const [kind, performer] of Object.entries(performers))
    if (typeof performer !== "function" && !isHandle(performer, "labwright/port"))
      throw new UserError(`The performer of kind "${kind}" in ${file} is ${typeof performer}.`, {
        hint: "Expected a function (request, context) that resolves with { response } or { budget }, or a port such as chat({ ... }).",
      });
  for (const [kind, performer] of Object.entries(performers)) {
    const [problem] = isHandle(performer, "labwright/port") ? problemsOf(performer) : [];
    if (problem !== undefined)
      throw new UserError(
        `The port of kind "${kind}" in ${file} is none that can be asked: ${problem.found}.`,
        {
          hint: `Expected ${problem.expected}.`,
        },
      );
  }
  // Each has just been seen to be a function or a port; what it returns is read under guard whenever it is called.
  return performers as DeclaredPerformers;
}

/** Of a port: what its builder saw, and functions of parameters, which nothing here has. */
function problemsOf(
  port: unknown,
): readonly { readonly found: string | null; readonly expected: string | null }[] {
  // It has just been seen to be a port.
  const { problems, gives } = port as Port;
  const functions = Object.entries(gives).filter(([, part]) => typeof part === "function");
  return [
    ...problems,
    ...functions.map(([name]) => ({
      found: `${name} is a function`,
      expected: `${name} as it is: only a port of a definition knows parameters`,
    })),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
