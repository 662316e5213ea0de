// `lab restore <file>`: a run that was archived, here or elsewhere, taken over into this project.
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../diagnostic/user-error.ts";
import { restoreArchive } from "../../store/archive/read-archive.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { say } from "../terminal/say.ts";
import { plural } from "../terminal/words.ts";

export const handle: CommandHandler = async ([file = ""], options) => {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) throw new UserError(`there is no file ${file}`);
  const store = openStore(projectRoot(options));
  const { index, joined, conflicts } = await restoreArchive(store, path);
  const restored = joined.runs.find(({ from }) => from === index.run);
  const name = (await store.runs()).find(({ id }) => id === restored?.id)?.name ?? null;
  const isTaken =
    name !== null && (await store.runs()).some((run) => run.name === name && run.id !== restored?.id);
  sayStoreProblems(store);
  if (flag(options, "json")) {
    process.stdout.write(
      `${JSON.stringify({ run: restored?.id ?? null, name, conflicts, ...joined }, null, 2)}\n`,
    );
    return exitCode.done;
  }
  const id = restored?.id ?? index.run;
  const words =
    restored?.how === "same"
      ? "was here already"
      : id === index.run
        ? "is restored"
        : `is restored (it was ${index.run})`;
  say(process.stdout, `${id} ${words}; next: lab show ${id}`);
  if (conflicts.length > 0)
    say(
      process.stderr,
      `${plural(conflicts.length, "trial")} of it have other results here, such as ${conflicts[0]?.trial}; both are kept, the first recorded counts`,
    );
  if (isTaken) say(process.stderr, `another run is called "${name}" too; lab rename ${id} <name>`);
  if (!index.hasArtifacts) say(process.stderr, "it was archived without the files that trials left");
  return exitCode.done;
};
