// Dialogs that say what will happen before it does; "Leave as it is" has the focus.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface Question {
  readonly title: string;
  readonly body: ComponentChildren;
  /** Absent for a dialog that only tells. */
  readonly act?: { readonly words: string; readonly isDanger?: boolean; readonly does: () => void };
}

const open = signal<Question | null>(null);

export function askFirst(question: Question): void {
  open.value = question;
}

export function Dialogs() {
  const question = open.value;
  return question === null ? null : <Dialog question={question} />;
}

function Dialog({ question }: { readonly question: Question }) {
  const box = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const { title, body, act } = question;
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    first.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const close = (): void => {
    open.value = null;
  };
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onClose={close}>
      <div class="in">
        <h2 id="dialog-title">{title}</h2>
        {body}
        <div class="acts">
          <button type="button" ref={first} onClick={close}>
            {act === undefined ? "Close" : "Leave as it is"}
          </button>
          {act !== undefined && (
            <button
              type="button"
              class={act.isDanger === true ? "danger" : "main"}
              onClick={() => {
                close();
                act.does();
              }}
            >
              {act.words}
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}
