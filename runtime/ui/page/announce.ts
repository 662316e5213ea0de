// What is read aloud: acts, ends, budgets and lost connections, never counts.
import { signal } from "@preact/signals";

export const announced = signal("");

export function announce(words: string): void {
  announced.value = "";
  requestAnimationFrame(() => {
    announced.value = words;
  });
}
