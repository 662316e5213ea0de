// What an examination comes to: one finding a thing looked at, with the remedy where something is wrong.

export interface Checked {
  /** What was looked at, such as "disk" or "persuasion/ask: key". */
  readonly check: string;
  readonly status: "ok" | "warning" | "failed";
  /** What was found, in words. */
  readonly found: string;
  /** What to do about it; null where nothing is wrong. */
  readonly remedy: string | null;
}

export function ok(check: string, found: string): Checked {
  return { check, status: "ok", found, remedy: null };
}

export function warning(check: string, found: string, remedy: string): Checked {
  return { check, status: "warning", found, remedy };
}

export function failed(check: string, found: string, remedy: string): Checked {
  return { check, status: "failed", found, remedy };
}
