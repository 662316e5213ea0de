// The button that runs failed trials of a run under way again, and what it says beforehand. A run that has ended is begun again (run-head.tsx).
import { act, asking, shutWords } from "./acts.ts";
import { Button } from "./button.tsx";
import { askFirst } from "./dialog.tsx";
import type { RunNow } from "./live-run.ts";
import { duration, int, plural } from "./words.ts";

/** Which failed trials: one, those of a cause, or all of an experiment. */
export interface Retried {
  readonly experiment: string;
  readonly trial: string | null;
  readonly cause: string | null;
}

export function isUnderWay({ moment: { status } }: RunNow): boolean {
  return ["running", "pausing", "paused", "stopping"].includes(status);
}

/** Nothing for a run that has ended, or a page that only looks. */
export function RetryButton({
  now,
  of,
  count,
}: {
  readonly now: RunNow;
  readonly of: Retried;
  readonly count: number;
}) {
  if (!isUnderWay(now) || count === 0) return null;
  const shut = now.moment.status === "stopping" ? "the run is stopping" : shutWords();
  return (
    <Button
      shut={shut}
      isBusy={asking.value.includes("retry")}
      onClick={() =>
        askFirst({
          title: `Run ${plural(count, "failed trial")} again?`,
          body: <RetryWords now={now} count={count} />,
          act: {
            words: `Retry ${int(count)}`,
            does: () => void act({ do: "retry", ...of }, "retry asked for"),
          },
        })
      }
    >
      Retry {count > 1 || of.trial === null ? int(count) : ""}
    </Button>
  );
}

/** What a retry takes and means. */
export function RetryWords({ now, count }: { readonly now: RunNow; readonly count: number }) {
  const each = now.moment.latest.map(({ durationMs }) => durationMs);
  const mean = each.length === 0 ? null : each.reduce((sum, ms) => sum + ms, 0) / each.length;
  return (
    <ul>
      {mean !== null && <li>About {duration(mean * count)} of work, as the last trials took.</li>}
      <li>The old record stands until the new one does; journalled answers are not paid twice.</li>
      <li>Same code, same seed: what fails by its own logic fails again.</li>
    </ul>
  );
}
