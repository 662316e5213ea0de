// `lab clean`: says what nobody needs any more and what it would free, asks, and deletes just that.
import { relative } from "node:path";
import { cleanStore } from "../../store/clean/clean.ts";
import { cleanableOf, type Keep } from "../../store/clean/cleanable.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { flag, projectRoot } from "../options.ts";
import { confirmed } from "../terminal/confirm.ts";
import { say } from "../terminal/say.ts";
import { textTable } from "../terminal/text-table.ts";
import { plural, sizeWords } from "../terminal/words.ts";

/** Items listed one by one; the largest come first. */
const shownMax = 20;

export const handle: CommandHandler = async (_positional, options) => {
  const store = openStore(projectRoot(options));
  const items = await cleanableOf(store, (options.keep ?? undefined) as Keep | undefined); // As option-values.ts has parsed it.
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const json = flag(options, "json");
  const isDryRun = flag(options, "dryRun");
  if (!json) {
    if (items.length === 0) {
      say(process.stdout, "nothing can go: every run, build and artifact is still needed");
      return exitCode.done;
    }
    const rows = items
      .slice(0, shownMax)
      .map(({ kind, path, bytes: size, why }) => [kind, relative(store.root, path), sizeWords(size), why]);
    process.stdout.write(
      `${textTable(["kind", "path", "size", "why"], rows, [2])}\n${items.length > shownMax ? `and ${items.length - shownMax} smaller ones\n` : ""}${plural(items.length, "item")}, ${sizeWords(bytes)}\n`,
    );
  }
  const goes =
    !isDryRun &&
    items.length > 0 &&
    (flag(options, "yes") || (await confirmed(`Delete ${plural(items.length, "item")}?`)));
  const gone = goes ? await cleanStore(store, items) : [];
  if (json)
    process.stdout.write(
      `${JSON.stringify({ items, bytes, deleted: gone.map(({ path }) => path) }, null, 2)}\n`,
    );
  else if (goes) say(process.stdout, `deleted ${plural(gone.length, "item")}`);
  else if (!isDryRun) say(process.stdout, "nothing was deleted");
  return exitCode.done;
};
