// What models cost.

/** In US dollars for a million tokens. */
export interface Price {
  readonly prompt: number;
  readonly completion: number;
}
