// Time limits as Slurm writes them and sbatch takes them: minutes, hours:minutes:seconds, days-hours and what lies between.

/** In seconds; null for one that is no time, such as "infinite". */
export function limitSeconds(text: string): number | null {
  const [, days, rest = ""] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? [];
  if (rest === "") return null;
  const parts = rest.split(":").map(Number);
  // Without days the first of one or two parts is minutes; with days it is hours.
  const [hours = 0, minutes = 0, seconds = 0] =
    days !== undefined || parts.length === 3 ? parts : [0, ...parts];
  return ((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds;
}
