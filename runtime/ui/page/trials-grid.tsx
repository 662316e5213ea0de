// The rows of the table of trials on screen, by pointer and keyboard. A row has one height, so its place is a product.
import type { ComponentChildren } from "preact";
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { TrialRow } from "../detail-data.ts";
import type { ExperimentFacts } from "../view-data.ts";
import { announce } from "./announce.ts";
import { StateChip } from "./chip.tsx";
import { copyText } from "./copy.tsx";
import { clock, duration, int, level, metricWords, used, usedName } from "./words.ts";

const rowPx = 30;
/** Of the head, which stays on top. */
const headPx = 36;
/** Rows made above and below those on screen. */
const around = 6;
/** Browsers cut an element at some 17 million pixels: above this the scroll position is scaled. */
const heightMax = 12_000_000;

export interface Column {
  readonly name: string;
  readonly words: string;
  readonly width: string;
  readonly isNumber: boolean;
  readonly isExtra: boolean;
  readonly cell: (row: TrialRow, condition: Readonly<Record<string, unknown>>) => ComponentChildren;
}

/** Wide enough for its head, at least so many rem. */
function wide(words: string, least: number): string {
  return `${Math.max(least, words.length * 0.56 + 1.6).toFixed(1)}rem`;
}

/** In a narrow window the state stands beside the trial, and what can be seen in the trial is left out. */
export function columnsOf(facts: ExperimentFacts, isNarrow: boolean): readonly Column[] {
  const plain = { isNumber: false, isExtra: false };
  const state: Column = {
    name: "state",
    words: "state",
    width: isNarrow ? "7.6rem" : "minmax(9.2rem,.8fr)",
    ...plain,
    cell: (row) => <StateChip state={row.state} />,
  };
  return [
    {
      name: "",
      words: "trial",
      width: isNarrow ? "5.2rem" : "8.5rem",
      ...plain,
      cell: ({ id }) => <span class="mono">{id.slice(0, isNarrow ? 8 : 12)}</span>,
    },
    ...(isNarrow ? [state] : []),
    ...facts.factors.map((name) => ({
      name,
      words: name,
      width: `minmax(${wide(name, isNarrow ? 4 : 5)},1fr)`,
      ...plain,
      cell: (_: TrialRow, condition: Readonly<Record<string, unknown>>) =>
        name in condition ? level(condition[name]) : "",
    })),
    {
      name: "replicate",
      words: "replicate",
      width: "6rem",
      isNumber: true,
      isExtra: true,
      cell: ({ replicate }) => int(replicate),
    },
    ...(isNarrow ? [] : [state]),
    ...facts.metrics.map(({ name, type }, index) => ({
      name,
      words: name,
      width: `minmax(${wide(name, isNarrow ? 4.5 : 5.5)},.6fr)`,
      isNumber: true,
      isExtra: index > 0,
      cell: ({ metrics }: TrialRow) => (metrics[index] == null ? "" : metricWords(metrics[index], type)),
    })),
    {
      name: "seconds",
      words: "took",
      width: "6rem",
      isNumber: true,
      isExtra: true,
      cell: ({ durationMs }) => (durationMs === null ? "" : duration(durationMs)),
    },
    ...facts.used.map((name, index) => ({
      name,
      words: usedName(name),
      width: wide(usedName(name), 6),
      isNumber: true,
      isExtra: true,
      cell: (row: TrialRow) => (row.used[index] == null ? "" : used(name, row.used[index])),
    })),
    {
      name: "ended",
      words: "ended",
      width: "6rem",
      isNumber: true,
      isExtra: true,
      cell: ({ endedAtMs }) => (endedAtMs === null ? "" : clock(endedAtMs)),
    },
  ];
}

export function Grid(of: {
  readonly columns: readonly Column[];
  readonly isNarrow: boolean;
  readonly sort: string;
  readonly setSort: ((sort: string) => void) | null;
  /** Names the filter and the sorting that the rows have. */
  readonly order: string;
  readonly count: number;
  readonly at: number;
  readonly setAt: (at: number) => void;
  readonly rowAt: (index: number) => TrialRow | null;
  readonly conditionOf: (row: TrialRow) => Readonly<Record<string, unknown>>;
  readonly open: (index: number) => void;
  readonly body: { current: HTMLDivElement | null };
}) {
  const { columns, isNarrow, sort, setSort, order, count, at, setAt, rowAt, conditionOf, open, body } = of;
  const shown = columns.filter(({ isExtra }) => !isNarrow || !isExtra);
  const { items, height, scrollTo } = useRows(count, body);
  // Another order has its first rows on top; the one that the address names stands where it is.
  const lastOrder = useRef(order);
  useEffect(() => {
    if (lastOrder.current === order) return;
    lastOrder.current = order;
    if (body.current !== null) body.current.scrollTop = 0;
  }, [order]);
  const move = (to: number): void => {
    const next = Math.min(count - 1, Math.max(0, to));
    setAt(next);
    scrollTo(next);
  };
  const onKey = (event: KeyboardEvent): void => {
    // The buttons of the head have keys of their own.
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 300) / rowPx) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step !== undefined) move(at + step);
    else if (event.key === "Enter") open(at);
    else if (event.key === "c") void copyRow(rowAt(at));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="vt data" style={{ "--cols": shown.map(({ width }) => width).join(" ") }}>
      <div
        ref={body}
        class="bd"
        role="grid"
        tabIndex={0}
        aria-rowcount={count + 1}
        aria-activedescendant={items.some(({ index }) => index === at) ? `row-${at}` : undefined}
        aria-label="Trials: arrows move, Enter opens, c copies the replay command"
        onKeyDown={onKey}
      >
        <GridHead shown={shown} sort={sort} setSort={setSort} />
        <div class="cells" role="rowgroup" style={{ height: `${height}px` }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            return (
              <div
                key={index}
                id={`row-${index}`}
                class={`rw${index === at ? " at" : ""}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === at}
                style={{ top: `${start}px` }}
                onClick={() => {
                  setAt(index);
                  open(index);
                }}
              >
                {shown.map(({ words, isNumber, cell }) => (
                  <span key={words} role="gridcell" class={isNumber ? "r" : undefined}>
                    {row === null ? "…" : cell(row, conditionOf(row))}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function GridHead(of: {
  readonly shown: readonly Column[];
  readonly sort: string;
  readonly setSort: ((sort: string) => void) | null;
}) {
  const { shown, sort, setSort } = of;
  const next = (name: string): string => (sort === name ? `-${name}` : sort === `-${name}` ? "" : name);
  const order = (name: string): "ascending" | "descending" | "none" =>
    name === "" ? "none" : sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
  return (
    <div class="hd" role="row">
      {shown.map(({ name, words, isNumber }) => (
        <span key={words} role="columnheader" class={isNumber ? "r" : undefined} aria-sort={order(name)}>
          <button
            type="button"
            disabled={setSort === null || name === ""}
            onClick={() => setSort?.(next(name))}
          >
            {words}
          </button>
        </span>
      ))}
    </div>
  );
}

async function copyRow(row: TrialRow | null): Promise<void> {
  if (row === null) return;
  try {
    await copyText(`lab run --trial ${row.id} --inline`);
  } catch {
    announce("the browser does not let this page copy");
  }
}

/** The rows on screen and a few around them, with their places; above `heightMax` the scroll position is scaled to the rows. */
function useRows(count: number, body: { current: HTMLDivElement | null }) {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const height = Math.min(count * rowPx, heightMax);
  const holder = body.current;
  useEffect(() => {
    const own = body.current;
    if (own === null) return;
    const onScroll = (): void => redraw(0);
    own.addEventListener("scroll", onScroll, { passive: true });
    const watch = new ResizeObserver(onScroll);
    watch.observe(own);
    return () => {
      own.removeEventListener("scroll", onScroll);
      watch.disconnect();
    };
  }, []);
  const seen = (holder?.clientHeight ?? 600) - headPx;
  const scrolled = holder?.scrollTop ?? 0;
  const onScreen = Math.ceil(seen / rowPx);
  const isScaled = count * rowPx > heightMax;
  const share = scrolled / Math.max(1, height - seen);
  // Scaled: the share of the way down says which row is the first; else each row has its own place.
  const top = isScaled ? Math.round(share * Math.max(0, count - onScreen + 1)) : Math.floor(scrolled / rowPx);
  const from = isScaled ? top : Math.max(0, top - around);
  const to = Math.min(count, top + onScreen + around);
  const items = Array.from({ length: Math.max(0, to - from) }, (_, place) => ({
    index: from + place,
    start: isScaled ? scrolled + place * rowPx : (from + place) * rowPx,
  }));
  const scrollTo = (index: number): void => {
    const own = body.current;
    if (own === null) return;
    if (isScaled) {
      if (index < top || index >= top + onScreen - 1)
        own.scrollTop = (Math.max(0, index - 1) / Math.max(1, count - onScreen + 1)) * (height - seen);
      return;
    }
    const at = index * rowPx;
    if (at < own.scrollTop) own.scrollTop = at;
    else if (at > own.scrollTop + seen - rowPx) own.scrollTop = at - seen + rowPx + 2;
  };
  return { items, height: isScaled ? height : count * rowPx, scrollTo };
}
