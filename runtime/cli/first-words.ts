// The fixed words that commands take first, beside those of `lab export`: their specs have them for help and completion, their code reads by them.
import { importKinds } from "../import/imported.ts";
import type { Choice } from "./choice.ts";

export const importChoice = {
  noun: "kind of results",
  words: importKinds,
  or: "a plan file (YAML or JSON)",
} as const satisfies Choice;

export const trackerChoice = {
  noun: "tracker that a run can be sent to",
  words: ["mlflow"],
} as const satisfies Choice;

export const pushChoice = {
  noun: "place to push to",
  words: ["s3"],
  or: "the address of a PostgreSQL, postgres://user@host:5432/database (the password may stand in PGPASSWORD)",
} as const satisfies Choice;

export const shellChoice = {
  noun: "shell that lab can complete in",
  words: ["bash", "zsh", "fish"],
} as const satisfies Choice;
