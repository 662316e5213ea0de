// Light or dark: as the system has it, until the reader says otherwise.
import { signal } from "@preact/signals";

const storageKey = "lab-theme";
const ofSystem = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

export const theme = signal(sessionStorage.getItem(storageKey) ?? ofSystem);

export function otherTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  sessionStorage.setItem(storageKey, theme.value);
}
