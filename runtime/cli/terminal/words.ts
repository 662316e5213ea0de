// Numbers as people read them: durations, counts, rates, sizes. Used by every listener and every command, so that they agree.

const grouping = new Intl.NumberFormat("en-US");

/** 1234567 as "1,234,567". */
export function countWords(count: number): string {
  return grouping.format(count);
}

/** "1 trial", "20 trials". */
export function plural(count: number, noun: string): string {
  return `${countWords(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** "3 of these without a measurement (1 failed)". */
export function unmeasuredWords(unmeasured: number, failed: number): string {
  return `${countWords(unmeasured)} of these without a measurement (${failed === 0 ? "none" : countWords(failed)} failed)`;
}

/** 850 as "0.9 s", 95_000 as "1 min 35 s", 7_400_000 as "2 h 3 min". */
export function durationWords(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 0.001) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (seconds < 0.1) return `${(seconds * 1000).toPrecision(2)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** The time that is left: "less than 1 s left", "1 min 35 s left". */
export function leftWords(durationMs: number): string {
  return durationMs < 1000 ? "less than 1 s left" : `${durationWords(durationMs)} left`;
}

/** Trials a second: "0.42/s", "18/s", "3,120/s", "1.2 M/s". */
export function rateWords(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M/s`;
  if (perSecond >= 1e4) return `${(perSecond / 1e3).toFixed(0)} k/s`;
  if (perSecond >= 10) return `${countWords(Math.round(perSecond))}/s`;
  return `${perSecond.toPrecision(2)}/s`;
}

/** Bytes as "812 B", "3.4 MB", "1.2 GB". */
export function sizeWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** Cuts text to `width` characters, marking the cut. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
