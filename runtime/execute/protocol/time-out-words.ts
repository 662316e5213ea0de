// What is said of a unit that took too long, by its own thread or by the host that ended it: the same words, as they are its message.

/** 150 as "150 ms", 2500 as "2.5 s", 90_000 as "1 min 30 s", 7_200_000 as "2 h": exact, as it was asked for. */
function limitWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor((ms % 3_600_000) / 60_000)];
  const seconds = (ms % 60_000) / 1000;
  const parts = [
    [hours, "h"],
    [minutes, "min"],
    [seconds, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(" ");
}

export function timedOutWords(timeoutMs: number): string {
  return `took longer than the time-out of ${limitWords(timeoutMs)}`;
}
