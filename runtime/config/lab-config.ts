// What `lab.config.ts` may say, and the reading of it: another's data, so every member is looked at before it is used.
import { nearestOrAll } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { Performers } from "../effects/performer.ts";
import { isNotifier, type Notifier } from "../notify/notifier.ts";

export interface LabConfig {
  /** Who performs the effects of a kind, for all trials of a run: in the process of the command, whatever the number of workers. */
  readonly performers?: Performers;
  /** Who is told of a run's start, end and troubles: `discord()`, `email()` and others of `labwright/notify`. */
  readonly notify?: readonly Notifier[];
}

/** A configuration without gaps. */
export interface FilledConfig {
  readonly performers: Performers;
  readonly notify: readonly Notifier[];
}

export const noConfig: FilledConfig = { performers: {}, notify: [] };

const members: readonly (keyof LabConfig)[] = ["performers", "notify"];

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
  return { performers: readPerformers(file, value.performers), notify: readNotifiers(file, value.notify) };
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

function readPerformers(file: string, performers: unknown): Performers {
  if (performers === undefined) return {};
  if (!isRecord(performers))
    throw new UserError(`\`performers\` of ${file} is ${typeof performers}; expected functions by kind.`, {
      hint: "For example: performers: { weather: async (request) => ({ response: ... }) }.",
    });
  for (const [kind, performer] of Object.entries(performers))
    if (typeof performer !== "function")
      throw new UserError(`The performer of kind "${kind}" in ${file} is ${typeof performer}.`, {
        hint: "Expected a function (request, context) that resolves with { response } or { budget }.",
      });
  // Each has just been seen to be a function; what it returns is read under guard whenever it is called.
  return performers as Performers;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
