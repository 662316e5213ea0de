// Numbers as the page writes them.
import type { Condition } from "../view-data.ts";

const grouping = new Intl.NumberFormat("en-US");

export function int(count: number): string {
  return grouping.format(Math.round(count));
}

/** Four significant digits at most, with a true minus. */
export function num(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-4)
      ? value.toExponential(2)
      : size >= 1000
        ? grouping.format(Number(value.toPrecision(6)))
        : value.toFixed(
            size >= 100 ? Math.max(0, digits - 2) : size >= 10 ? Math.max(0, digits - 1) : digits,
          );
  return text.replace("-", "−");
}

/** A metric's value as its type has it: whole numbers without decimals. */
export function metricWords(value: number | boolean | string | null, type: string | undefined): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return value ?? "none";
  return type === "integer" ? int(value).replace("-", "−") : num(value);
}

/** "0.4 s", "3 min 20 s", "2 h 5 min". */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "none";
  if (ms === 0) return "less than 1 s";
  if (ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** "6 to 8 min left": both ends in the unit of the larger one. */
export function leftWords(lowMs: number, highMs: number | null): string {
  if (highMs === null) return `at least ${duration(lowMs)} left`;
  if (highMs < 2000) return "less than 2 s left";
  const [unit, ms] = highMs < 90_000 ? ["s", 1000] : highMs < 5_400_000 ? ["min", 60_000] : ["h", 3_600_000];
  const [low, high] = [Math.floor(lowMs / Number(ms)), Math.ceil(highMs / Number(ms))];
  if (low === 0 && lowMs >= 1000) return `${duration(lowMs).replace(/ \d+ s$/, "")} to ${high} ${unit} left`;
  return low === high ? `about ${high} ${unit} left` : `${low} to ${high} ${unit} left`;
}

export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M`;
  if (perSecond >= 1e4) return `${(perSecond / 1e3).toFixed(0)} k`;
  if (perSecond >= 100) return perSecond.toFixed(0);
  return perSecond >= 10 ? perSecond.toFixed(1) : perSecond.toPrecision(2);
}

export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? digits : 0)}%`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

/** 14:02:11 */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString("en-GB");
}

/** "today 13:58", "27 Nov 09:12" */
export function day(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB").slice(0, 5);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday
    ? `today ${time}`
    : `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** "$6.86" for money, "3.2 s" and "24 MB" by the end of the name, "4,891" for counts. */
export function used(name: string, sum: number): string {
  if (/[a-z]Ms$/.test(name)) return duration(sum);
  if (/[a-z]Mb$/.test(name)) return `${int(sum)} MB`;
  if (/usd$/i.test(name)) return `$${sum.toFixed(sum !== 0 && sum < 1 ? 4 : 2)}`;
  return Number.isInteger(sum) || sum >= 100 ? int(sum) : num(sum);
}

/** "costUsd" as "cost", "latencyMs" as "latency", "promptTokens" as "prompt tokens". */
export function usedName(name: string): string {
  return name
    .replace(/[Uu]sd$|(?<=[a-z])M[sb]$/, "")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

/** Control characters are shown: what a model or a program prints is data. */
export function visible(text: string): string {
  return text.replaceAll(
    /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

export function level(value: unknown): string {
  return visible(typeof value === "string" ? value : (JSON.stringify(value) ?? "none"));
}

/** "small-lm, 20": the levels of the factors. */
export function armName(condition: Condition, factors: readonly string[]): string {
  const levels = factors.filter((name) => name in condition).map((name) => level(condition[name]));
  return levels.join(", ") || "the only condition";
}

export function plural(count: number, noun: string): string {
  return `${int(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const statusWords = {
  running: "running",
  pausing: "pausing",
  paused: "paused",
  stopping: "stopping",
  killed: "process gone",
  complete: "complete",
  stopped: "stopped",
  budget: "budget spent",
  aborted: "aborted",
} as const;

export function statusWord(status: keyof typeof statusWords): string {
  return statusWords[status];
}
