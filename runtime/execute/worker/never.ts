// What a call of a unit is given that nobody may wait for any more.

export function never(): Promise<never> {
  return new Promise(() => undefined);
}
