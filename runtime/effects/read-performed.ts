// What a performer returned, read under guard: it is another's code, and what it says is journalled and recorded for good.
import { findNonJson } from "../../lib/experiment/json.ts";
import type { Performed, Usage } from "./performer.ts";

const usageName = /^[a-z][A-Za-z0-9]*$/;

/** The value as a Performed. Throws TypeError, in words, when it is none. */
export function readPerformed(kind: string, value: unknown): Performed {
  const performer = `the performer of kind "${kind}"`;
  if (typeof value !== "object" || value === null || !("response" in value || "budget" in value))
    throw new TypeError(`${performer} returned ${wordsOf(value)}; expected { response } or { budget }`);
  if ("budget" in value)
    return {
      budget: String(value.budget),
      isUnderWay: "isUnderWay" in value && value.isUnderWay === true,
    };
  const found = findNonJson(value.response);
  if (found !== null)
    throw new TypeError(
      `${performer} returned a response${found.path} that is ${found.found}; expected JSON data, which can be journalled`,
    );
  return {
    response: value.response,
    usage: readUsage(performer, "usage" in value ? value.usage : undefined),
    failures: readFailures(performer, "failures" in value ? value.failures : undefined),
  };
}

/** `usage` as named numbers; none for undefined. Throws TypeError, in words that begin with `whose`, when it is anything else. */
export function readUsage(whose: string, usage: unknown): Usage {
  if (usage === undefined) return {};
  if (typeof usage !== "object" || usage === null)
    throw new TypeError(`${whose} gave the usage ${wordsOf(usage)}; expected numbers by name`);
  for (const [name, value] of Object.entries(usage)) {
    if (!usageName.test(name))
      throw new TypeError(`${whose} gave a usage named "${name}"; expected a name such as tokens or costUsd`);
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      throw new TypeError(
        `${whose} gave ${wordsOf(value)} as usage.${name}; expected a finite number from 0`,
      );
  }
  // Every entry has just been seen to be a number.
  return usage as Usage;
}

/** `failures` as texts; none for undefined. Throws TypeError, in words, when they are anything else. */
export function readFailures(whose: string, failures: unknown): readonly string[] {
  if (failures === undefined) return [];
  if (!Array.isArray(failures) || failures.some((cause) => typeof cause !== "string"))
    throw new TypeError(`${whose} gave the failures ${wordsOf(failures)}; expected a list of texts`);
  return failures;
}

function wordsOf(value: unknown): string {
  return typeof value === "object" || typeof value === "string"
    ? (JSON.stringify(value) ?? "nothing").slice(0, 60)
    : String(value);
}
