// A button that can be shut, and then says why.
import type { ComponentChildren } from "preact";

export function Button(of: {
  readonly onClick: () => void;
  /** Why it cannot be pressed; null when it can. */
  readonly shut: string | null;
  readonly label?: string;
  readonly isMain?: boolean;
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}) {
  const { onClick, shut, label, isMain = false, isBusy = false, children } = of;
  return (
    <button
      type="button"
      class={isMain ? "main" : undefined}
      aria-label={label}
      title={shut ?? undefined}
      disabled={shut !== null || isBusy}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
