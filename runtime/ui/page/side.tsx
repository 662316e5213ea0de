import { Limits } from "./limits.tsx";
import type { RunNow } from "./live-run.ts";
import { Part } from "./part.tsx";
import { isUnderWay } from "./retry.tsx";
import { href, isExported } from "./router.ts";
import { armName, bytes, clock, day, duration, int, percent, used, usedName, visible } from "./words.ts";
import { Worker } from "./worker.tsx";

export function Side({ now }: { readonly now: RunNow }) {
  const { moment, run } = now;
  return (
    <div class="side stack data">
      {moment.used.length > 0 && (
        <Part title="Used">
          {moneyFirst(moment.used).map(({ name, sum, perMinute, forecast }) => (
            <div key={name} class="meter">
              <span class="b">{usedName(name)}</span>
              <span>{used(name, sum)}</span>
              {sum > 0 && <span class="mnote">{paceWords({ name, perMinute, forecast })}</span>}
            </div>
          ))}
        </Part>
      )}
      <Limits moment={moment} />
      <UnderWay now={now} />
      <Part
        title="Failures by cause"
        more={
          <a class="push small" href={href(`/run/${run.id}/failures`)}>
            all
          </a>
        }
      >
        {moment.causes.length === 0 ? (
          <p class="soft">None so far.</p>
        ) : (
          <ul class="causes">
            {moment.causes.map(({ key, message, kind, count, experiment }) => (
              <li key={key}>
                <span class="n">{int(count)}</span>
                <a
                  href={href(
                    `/run/${run.id}/failures${isExported ? "" : `?${new URLSearchParams({ experiment })}`}`,
                  )}
                >
                  {visible(message) || kind}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Part>
      {moment.workers.length > 0 && (
        <Part title="Workers">
          {moment.workers.map((worker) => (
            <Worker key={worker.host} worker={worker} isOver={!isUnderWay(now)} />
          ))}
          {moment.diskFreeMb !== null && (
            <p class="soft small">
              {bytes(moment.diskFreeMb * 1e6)} free on the disk of the run
              {isUnderWay(now) ? "" : " when it was told last"}.
            </p>
          )}
        </Part>
      )}
      {moment.feed.length > 0 && (
        <Part title="What happened">
          <ul class="feed">
            {moment.feed.slice(0, 8).map(({ atMs, level, words }) => (
              <li key={`${atMs} ${words}`}>
                <time dateTime={new Date(atMs).toISOString()}>{clock(atMs)}</time>
                <span class={level === "warning" ? "bad" : undefined}>{visible(words)}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="Where it comes from">
        <dl>
          <dt>begun</dt>
          <dd>{run.startedAt === null ? "at an unknown time" : day(run.startedAt, Date.now())}</dd>
          <dt>by</dt>
          <dd>
            <code>{visible(run.command)}</code>
          </dd>
          <dt>with</dt>
          <dd>labwright {run.labwright}</dd>
        </dl>
        {moment.counts.reused > 0 && (
          <p class="soft small">
            {percent(moment.counts.reused / moment.counts.done, 0)} of what ended was recorded by earlier
            runs.
          </p>
        )}
      </Part>
    </div>
  );
}

function paceWords(of: Pick<RunNow["moment"]["used"][number], "name" | "perMinute" | "forecast">): string {
  const { name, perMinute, forecast } = of;
  // Of money the cents count, of everything else whole ones do.
  const whole = (count: number): string => used(name, /usd$/i.test(name) ? count : Math.round(count));
  const [low, high] = forecast ?? [0, 0];
  return [
    ...(perMinute === null ? [] : [`${perMinute < 100 ? used(name, perMinute) : whole(perMinute)} a minute`]),
    ...(forecast === null ? [] : [`will end at ${whole(low)} to ${whole(high)}`]),
  ].join("; ");
}

function moneyFirst(each: RunNow["moment"]["used"]): RunNow["moment"]["used"] {
  const isMoney = ({ name }: { readonly name: string }): boolean => /usd$/i.test(name);
  return [...each.filter(isMoney), ...each.filter((one) => !isMoney(one))];
}

/** Trials of many steps, and how far each is. */
function UnderWay({ now }: { readonly now: RunNow }) {
  const { underWay } = now.moment;
  const factors = now.run.experiments.find(({ name }) => name === now.experiment)?.factors ?? [];
  if (underWay.length === 0) return null;
  return (
    <Part title="Trials under way">
      {underWay.slice(0, 16).map(({ trial, condition, replicate, done, total, leftMs }) => (
        <div key={trial} class="meter">
          <a class="b" href={href(`/run/${now.run.id}/trial/${trial}`)}>
            {armName(condition, factors)}; {int(replicate)}
          </a>
          <span>{percent(done / Math.max(1, total), 0)}</span>
          <div class="track" role="img" aria-label={`${int(done)} of ${int(total)} steps`}>
            <i style={{ "--w": String(done / Math.max(1, total)) }} />
          </div>
          <span class="mnote">
            {int(done)} of {int(total)} steps{leftMs !== null && `, ${duration(leftMs)} left`}
          </span>
        </div>
      ))}
    </Part>
  );
}
