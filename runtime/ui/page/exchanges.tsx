// What a trial asked of the outside world: conversations as who said what, anything else as it was sent. All of it is text, whatever stands in it.
import type { TrialView } from "../detail-data.ts";
import { int, used, usedName, visible } from "./words.ts";

export function Exchanges({ trial }: { readonly trial: TrialView }) {
  const last = trial.exchanges.length - 1;
  return (
    <section class="rule" aria-labelledby="exchanges-title">
      <header>
        <h2 id="exchanges-title">Asked of the outside world</h2>
        <span class="soft">
          {int(trial.exchangeCount)} {trial.exchangeCount === 1 ? "exchange" : "exchanges"}
          {trial.exchangeCount > trial.exchanges.length && `, the first ${int(trial.exchanges.length)}`}; the
          last is open
        </span>
      </header>
      {trial.exchanges.map((exchange, index) => (
        <details key={exchange.key} class="ex" open={index === last}>
          <summary>
            <span class="b">{visible(exchange.key)}</span>
            <span class="soft">{visible(exchange.kind)}</span>
            {Object.entries(exchange.usage).map(([name, sum]) => (
              <span key={name} class="soft">
                {usedName(name)} {used(name, sum)}
              </span>
            ))}
            {exchange.isReused && <span class="soft">answer of an earlier trial</span>}
            {exchange.response === null && <span class="bad">no answer</span>}
          </summary>
          <div class="io">
            <Side title="Asked" text={exchange.request} length={exchange.requestLength} />
            <Side title="Answered" text={exchange.response ?? ""} length={exchange.responseLength} />
          </div>
        </details>
      ))}
    </section>
  );
}

function Side(of: { readonly title: string; readonly text: string; readonly length: number }) {
  const { title, text, length } = of;
  const said = saidIn(text);
  return (
    <div>
      <h3>{title}</h3>
      {said.map(({ who, words }, index) => (
        <div key={index} class="said">
          <span class="soft small">{visible(who)}</span>
          <pre tabIndex={0}>{visible(words)}</pre>
        </div>
      ))}
      {said.length === 0 ? (
        <pre tabIndex={0}>{visible(text)}</pre>
      ) : (
        <details>
          <summary>As it was sent</summary>
          <pre tabIndex={0}>{visible(text)}</pre>
        </details>
      )}
      {length > text.length && (
        <p class="soft small">
          The first {int(text.length)} of {int(length)} characters.
        </p>
      )}
    </div>
  );
}

/** Messages of a conversation, or its answer; none where the text is something else, or was cut. */
function saidIn(text: string): readonly { readonly who: string; readonly words: string }[] {
  try {
    const { messages, text: answer } = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
    if (typeof answer === "string") return [{ who: "model", words: answer }];
    if (!Array.isArray(messages)) return [];
    return messages.map((message: unknown) => {
      const { role, content } = Object(message) as Readonly<Record<string, unknown>>;
      return { who: String(role), words: typeof content === "string" ? content : JSON.stringify(content) };
    });
  } catch {
    return [];
  }
}
