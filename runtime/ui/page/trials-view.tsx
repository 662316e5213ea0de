// The table of trials: filtered and sorted over all rows on the server; the page holds the rows on screen and a few pages around them. Rows
// keep their places while a run goes on: "31 newer: show".
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { TrialsPage } from "../detail-data.ts";
import type { ExperimentFacts } from "../view-data.ts";
import { viewKeys } from "./keys.tsx";
import type { RunNow } from "./live-run.ts";
import { go, isExported, place } from "./router.ts";
import { RunHead } from "./run-head.tsx";
import { TrialPages } from "./trial-pages.ts";
import { columnsOf, Grid } from "./trials-grid.tsx";
import { int } from "./words.ts";

export function TrialsView({ now }: { readonly now: RunNow }) {
  const { query } = place.value;
  const experiment = query.get("experiment") ?? now.experiment;
  const facts = now.run.experiments.find(({ name }) => name === experiment) ?? now.run.experiments[0];
  return (
    <>
      <RunHead now={now} tab="/trials" />
      {facts !== undefined && <Table key={`${now.run.id} ${facts.name}`} now={now} facts={facts} />}
    </>
  );
}

function Table({ now, facts }: { readonly now: RunNow; readonly facts: ExperimentFacts }) {
  const { query } = place.value;
  const [where, setWhere] = useState(query.get("where") ?? "");
  const [sort, setSort] = useState(query.get("sort") ?? "");
  const [at, setAt] = useState(Math.max(0, Number(query.get("row") ?? 1) - 1));
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const held = useRef<TrialPages | null>(null);
  held.current ??= new TrialPages(() => redraw(0));
  const pages = held.current;
  const input = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const reload = (): void => void pages.reload({ run: now.run.id, experiment: facts.name, where, sort });
  useEffect(() => {
    const timer = setTimeout(reload, where === "" ? 0 : 150);
    keepAddress({ where, sort, experiment: query.get("experiment") ?? "" });
    return () => clearTimeout(timer);
  }, [where, sort]);
  // Values of the rows on screen are read again while a run goes on, at most once a second; their places stay.
  useEffect(() => {
    const timer = setTimeout(() => void pages.refresh(at), 1000);
    return () => clearTimeout(timer);
  }, [now.moment.counts.done]);
  useTableKeys(input, body);
  const { first, problem, newer } = pages;
  const count = first?.count ?? 0;
  const open = (index: number): void => {
    const row = pages.rowAt(index);
    if (row !== null) go(`/run/${now.run.id}/trial/${row.id}`);
  };
  const filter = (text: string): void => {
    setAt(0);
    setWhere(text);
  };
  const sortBy = (name: string): void => {
    setAt(0);
    setSort(name);
  };
  const isNarrow = innerWidth < 704;
  return (
    <>
      {!isExported && (
        <Filter facts={facts} where={where} filter={filter} input={input} newer={newer} reload={reload} />
      )}
      {problem !== null && (
        <p class="bad small" role="alert">
          {problem}
        </p>
      )}
      {!isExported && first !== null && <Facets states={first.states} where={where} choose={filter} />}
      <Grid
        columns={columnsOf(facts, isNarrow)}
        isNarrow={isNarrow}
        sort={sort}
        setSort={isExported ? null : sortBy}
        order={`${where}\n${sort}`}
        count={count}
        at={at}
        setAt={setAt}
        rowAt={(index) => pages.rowAt(index)}
        conditionOf={(row) => pages.conditionOf(row)}
        open={open}
        body={body}
      />
      <Foot first={first} count={count} at={at} setAt={setAt} focus={() => body.current?.focus()} />
    </>
  );
}

function Filter(of: {
  readonly facts: ExperimentFacts;
  readonly where: string;
  readonly filter: (text: string) => void;
  readonly input: { current: HTMLInputElement | null };
  readonly newer: number;
  readonly reload: () => void;
}) {
  const { facts, where, filter, input, newer, reload } = of;
  const [factor] = facts.factors;
  const [metric] = facts.metrics;
  const example = `state=failed ${factor === undefined ? "replicate=0" : `${factor}=...`} ${metric?.name ?? "seconds"}>0.5`;
  return (
    <div class="filters">
      <input
        ref={input}
        type="search"
        value={where}
        spellcheck={false}
        aria-label={`Filter, for instance ${example}`}
        placeholder={example}
        onInput={(event) => filter(event.currentTarget.value)}
      />
      {newer > 0 && (
        <button type="button" class="newer" onClick={reload}>
          {int(newer)} newer: show
        </button>
      )}
    </div>
  );
}

/** The filter and the order stand in the address, so that it can be sent on. */
function keepAddress(parts: Readonly<Record<string, string>>): void {
  if (isExported) return;
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== "")).toString();
  history.replaceState(null, "", `${location.pathname}${query === "" ? "" : `?${query}`}`);
}

function useTableKeys(
  input: { current: HTMLInputElement | null },
  body: { current: HTMLDivElement | null },
): void {
  useEffect(() => {
    const focusRows = (): void => body.current?.focus();
    viewKeys.current = { "/": () => input.current?.focus(), j: focusRows, k: focusRows };
    return () => {
      viewKeys.current = {};
    };
  }, []);
}

function Facets({
  states,
  where,
  choose,
}: {
  readonly states: Readonly<Record<string, number>>;
  readonly where: string;
  readonly choose: (where: string) => void;
}) {
  const chosen = /(?:^|\s)state=("[^"]*"|\S+)/.exec(where)?.[1]?.replaceAll('"', "") ?? "";
  const without = where.replace(/\s*state=("[^"]*"|\S+)/, "").trim();
  return (
    <div class="filters">
      <fieldset class="facets">
        <legend class="vh">State</legend>
        {Object.entries(states).map(([state, count]) => (
          <button
            key={state}
            type="button"
            aria-pressed={chosen === state}
            onClick={() => choose(chosen === state ? without : `${without} state="${state}"`.trim())}
          >
            {state} <span class="n">{int(count)}</span>
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function Foot({
  first,
  count,
  at,
  setAt,
  focus,
}: {
  readonly first: TrialsPage | null;
  readonly count: number;
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly focus: () => void;
}) {
  return (
    <div class="vfoot">
      <span role="status">
        {first === null
          ? "Reading"
          : count === 0
            ? "Nothing fits this filter."
            : `row ${int(at + 1)} of ${int(count)}${count < first.total ? ` (${int(first.total)} in all)` : ""}`}
      </span>
      {count > 100 && (
        <label>
          go to row{" "}
          <input
            type="number"
            min="1"
            max={count}
            onChange={(event) => {
              setAt(Math.min(count, Math.max(1, Number(event.currentTarget.value))) - 1);
              focus();
            }}
          />
        </label>
      )}
      <span class="hide-s">
        <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>Enter</kbd> open, <kbd>c</kbd> copy replay, <kbd>/</kbd> filter
      </span>
    </div>
  );
}
