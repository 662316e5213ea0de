// What is always there: the bar with the state of the connection, banners for what is not as it seems, and the keys.
import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { announce, announced } from "./announce.ts";
import { link } from "./connection.ts";
import { Command } from "./copy.tsx";
import { Dialogs } from "./dialog.tsx";
import { showKeys } from "./keys.tsx";
import { asOfWords, hurry, runNow, writer } from "./live-run.ts";
import { project } from "./project.ts";
import { href, isExported, place } from "./router.ts";
import { otherTheme, theme } from "./theme.ts";
import { statusWord } from "./words.ts";

/** Whether numbers on the page may be old. */
function isStale(): boolean {
  return link.value === "lost" || (isRunView() && writer.value === "gone" && runNow.value !== null);
}

function isRunView(): boolean {
  return place.value.path[0] === "run";
}

export function Shell({ children }: { readonly children: ComponentChildren }) {
  useSignalEffect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
  useSignalEffect(() => {
    document.body.toggleAttribute("data-stale", isStale());
  });
  useSignalEffect(() => {
    if (link.value === "lost") announce("not connected");
  });
  const area = place.value.path[0] ?? "";
  const views = [
    ["/", "Runs", area === "" || area === "run"],
    ...(isExported
      ? []
      : [["/plan", "Plan", area === "plan"] as const, ["/compare", "Compare", area === "compare"] as const]),
  ] as const;
  return (
    <>
      <header class="top">
        <div class="wrap">
          <a class="brand" href={href("/")}>
            lab
          </a>
          <nav aria-label="Project">
            {views.map(([to, words, isHere]) => (
              <a key={to} href={href(to)} aria-current={isHere ? "page" : undefined}>
                {words}
              </a>
            ))}
          </nav>
          <span class="grow" />
          <Pulse />
          <button
            type="button"
            class="icon"
            aria-label="Light or dark"
            title="Light or dark (t)"
            onClick={otherTheme}
          >
            ◐
          </button>
          <button type="button" class="icon" aria-label="Keys" title="Keys (?)" onClick={showKeys}>
            ?
          </button>
        </div>
      </header>
      <Banner />
      <main id="main" tabIndex={-1} class="wrap">
        {children}
      </main>
      <div class="vh" role="status" aria-live="polite">
        {announced}
      </div>
      <Dialogs />
    </>
  );
}

function Pulse() {
  const [state, words] = pulse();
  return (
    <span class="pulse" data-is={state}>
      <i aria-hidden="true" />
      {words}
    </span>
  );
}

function pulse(): readonly [state: string, words: string] {
  if (isExported) return ["still", "a copy"];
  if (link.value === "lost") return ["lost", `as of ${asOfWords()}`];
  if (link.value === "none") return ["lost", "no token"];
  if (link.value === "asking") return ["wait", "asking"];
  if (!isRunView() || runNow.value === null) return ["none", "connected"];
  if (writer.value === "gone") return ["gone", "process gone"];
  const { status } = runNow.value.moment;
  return status === "running" || status === "pausing" || status === "stopping"
    ? ["live", "live"]
    : ["still", statusWord(status)];
}

function Banner() {
  if (link.value === "none")
    return (
      <Strip tone="hard">
        <b>This page has no token.</b> Open the address that <code>lab ui</code> printed; each start has a new
        one.
      </Strip>
    );
  if (link.value === "lost")
    return (
      <Strip
        tone="hard"
        act={
          <button
            type="button"
            onClick={() => {
              hurry.value += 1;
            }}
          >
            Try now
          </button>
        }
      >
        <b>Not connected.</b> Every number below is as of <b>{asOfWords()}</b>. A run itself is not affected.
        Trying again every 2 s.
      </Strip>
    );
  const now = runNow.value;
  if (isRunView() && writer.value === "gone" && now !== null)
    return (
      <Strip tone="hard" act={<Command text={now.run.command} />}>
        <b>The process of this run is gone</b> (killed, or the machine went down). What it recorded is safe;
        what was under way runs again.
      </Strip>
    );
  if (project.value?.exported === true)
    return (
      <Strip tone="calm">A copy of {project.value.project}, to look at: nothing here changes any more.</Strip>
    );
  if (project.value?.readOnly === true)
    return (
      <Strip tone="calm">
        <b>Read-only.</b> This link may look, not act. <code>lab ui</code> prints one that may.
      </Strip>
    );
  return null;
}

function Strip({
  tone,
  act,
  children,
}: {
  readonly tone: "hard" | "calm";
  readonly act?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <aside class={`banner ${tone}`} aria-label="State of this page">
      <div class="wrap">
        <span>{children}</span>
        {act !== undefined && <span class="push">{act}</span>}
      </div>
    </aside>
  );
}
