// What a request is known by in the journal: a hash of its kind and canonical text, and the key under which an unchanged request of an
// edited trial finds its answer again.
import { createHash } from "node:crypto";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";

const digits = 32;

/** Equal for equal requests of one kind, whatever the order of their keys. */
export function requestHashOf(kind: string, request: unknown): string {
  return hashOf([kind, request]);
}

/** Where a unit stands in the design, apart from its code: what stays the same when a trial is edited. */
export interface EffectPlace {
  readonly experiment: string;
  readonly stage: string;
  readonly rootSeed: unknown;
  /** As the stage sees it; null for a stage that runs once a build. */
  readonly condition: Readonly<Record<string, unknown>> | null;
  /** See replicateKeyOf; null for a stage that has no replicates. */
  readonly replicate: string | null;
}

/** The same for all trials of a condition. */
export function conditionNameOf({ experiment, stage, condition }: EffectPlace): string {
  return conditionKeyOf([experiment, stage, condition]);
}

/** Experiments, stages, seeds, conditions, replicates and keys each have answers of their own. */
export function reuseKeyOf(
  place: EffectPlace,
  effect: { readonly key: string; readonly requestHash: string },
): string {
  const { experiment, stage, rootSeed, condition, replicate } = place;
  return hashOf([experiment, stage, rootSeed, condition, replicate, effect.key, effect.requestHash]);
}

/** The first place at which two requests differ, in words: "`.bid` was 3 and is 4"; null where they are equal. */
export function requestDifference(before: unknown, after: unknown, path = ""): string | null {
  if (conditionKeyOf(before) === conditionKeyOf(after)) return null;
  const [left, right] = [partsOf(before), partsOf(after)];
  if (left !== null && right !== null && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const step = Array.isArray(before) ? `[${key}]` : `.${key}`;
      if (!Object.hasOwn(left, key)) return `\`${path}${step}\` is new`;
      if (!Object.hasOwn(right, key)) return `\`${path}${step}\` is missing`;
      const found = requestDifference(left[key], right[key], `${path}${step}`);
      if (found !== null) return found;
    }
  }
  const from = differsAt(before, after);
  return `${path === "" ? "it" : `\`${path}\``} was ${shortOf(before, from)} and is ${shortOf(after, from)}`;
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  // A list is read by its indices, as an object is by its keys.
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

/** Where two long texts are shown from, so that the place is seen at which they differ; 0 for anything else. */
function differsAt(before: unknown, after: unknown): number {
  if (typeof before !== "string" || typeof after !== "string") return 0;
  if (Math.max(before.length, after.length) < shownMax - 2) return 0;
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  return same < shownMax / 2 ? 0 : same - shownMax / 4;
}

/** Longest text of a value, with its quotes. */
const shownMax = 60;

function shortOf(value: unknown, from: number): string {
  const shown = from > 0 && typeof value === "string" ? `...${value.slice(from)}` : value;
  const text = JSON.stringify(shown) ?? String(shown);
  return text.length > shownMax ? `${text.slice(0, shownMax - 3)}...` : text;
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(conditionKeyOf(value)).digest("hex").slice(0, digits);
}
