// A command that can be copied.
import { useState } from "preact/hooks";
import { announce } from "./announce.ts";

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  announce(`copied: ${text}`);
}

export function Command({ text, words = "Copy" }: { readonly text: string; readonly words?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    copyText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      },
      () => announce("the browser does not let this page copy"),
    );
  };
  return (
    <div class="cmd">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        {isCopied ? "Copied" : words}
      </button>
    </div>
  );
}
