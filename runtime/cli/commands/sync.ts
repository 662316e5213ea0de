// `lab sync <tracker> [run]`: a stored run to a tracking server; what is there already is not sent again.
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import { mlflow } from "../../tracking/mlflow/mlflow.ts";
import type { SyncedExperiment } from "../../tracking/tracker.ts";
import { choiceHint } from "../choice.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { trackerChoice } from "../first-words.ts";
import { foundRun } from "../found-run.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { trackingContextOf } from "../terminal/run-tracking.ts";
import { say } from "../terminal/say.ts";
import { countWords, plural } from "../terminal/words.ts";

/** What a project need not declare in order to sync with it. */
const usual: Readonly<Record<(typeof trackerChoice.words)[number], typeof mlflow>> = { mlflow };
/** How often it is said how far it is. */
const saidEvery = 200;

export const handle: CommandHandler = async ([name = "", reference], options) => {
  const root = projectRoot(options);
  const { tracking } = await loadedConfig(root);
  const tracker = [...tracking, ...Object.values(usual).map((make) => make())].find(
    (each) => each.name === name,
  );
  const sync = tracker?.sync ?? null;
  if (sync === null) {
    throw new UserError(`"${name}" is no ${trackerChoice.noun}`, { hint: choiceHint(trackerChoice, name) });
  }
  const store = openStore(root);
  const run = await foundRun(store, reference ?? null);
  const isQuiet = flag(options, "quiet") || flag(options, "json");
  const synced = await sync({
    ...trackingContextOf(root),
    run,
    uri: text(options, "uri"),
    experiment: text(options, "experiment"),
    trials: flag(options, "all") ? "all" : number(options, "trials"),
    onSent(sent) {
      if (!isQuiet && sent % saidEvery === 0) say(process.stderr, `${countWords(sent)} trials sent`);
    },
  });
  if (flag(options, "json"))
    process.stdout.write(`${JSON.stringify({ run: run.id, tracker: name, experiments: synced }, null, 2)}\n`);
  else for (const each of synced) sayOf(each, flag(options, "quiet"));
  sayStoreProblems(store);
  return exitCode.done;
};

function sayOf({ experiment, run, server, trials, notes }: SyncedExperiment, isQuiet: boolean): void {
  const { sent, unchanged, left } = trials;
  const counts = [
    `${plural(sent, "trial")} sent`,
    `${countWords(unchanged)} there already`,
    ...(left > 0 ? [`${countWords(left)} without a run of their own`] : []),
  ];
  if (!isQuiet) say(process.stdout, `${experiment}: run ${run} of ${server}: ${counts.join(", ")}`);
  for (const note of notes) say(process.stderr, `warning: ${experiment}: ${note}`);
}
