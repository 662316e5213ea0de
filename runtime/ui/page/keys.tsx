// Keys: single letters to move about, which can be turned off. None of them pauses, stops or cancels.
import { askFirst } from "./dialog.tsx";
import { go, isExported, place } from "./router.ts";
import { otherTheme } from "./theme.ts";

const storageKey = "lab-keys-off";

/** What the view on screen does with a key; set by it, and taken away when it goes. */
export const viewKeys: { current: Readonly<Record<string, () => void>> } = { current: {} };

let isOn = sessionStorage.getItem(storageKey) === null;
let goneTo = Number.NEGATIVE_INFINITY;

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null)
      return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("input,select,textarea") != null) {
      if (event.key === "Escape" && target instanceof HTMLElement) target.blur();
      return;
    }
    if (!isOn) return;
    const then = actionOf(event.key);
    if (then === null) return;
    event.preventDefault();
    then();
  });
}

function actionOf(key: string): (() => void) | null {
  const isAfterG = performance.now() - goneTo < 900;
  goneTo = Number.NEGATIVE_INFINITY;
  const own = viewKeys.current[key];
  const areas: Readonly<Record<string, string>> = isExported
    ? { r: "/" }
    : { r: "/", p: "/plan", c: "/compare" };
  if (isAfterG && areas[key] !== undefined) return () => go(areas[key] ?? "/");
  if (own !== undefined) return own;
  const { path } = place.value;
  const run = path[0] === "run" ? path[1] : undefined;
  const tab = ["", "/trials", "/failures", "/report"]["1234".indexOf(key)];
  if (key.length === 1 && tab !== undefined && run !== undefined) return () => go(`/run/${run}${tab}`);
  switch (key) {
    case "g":
      return () => {
        goneTo = performance.now();
      };
    case "t":
      return otherTheme;
    case "?":
      return showKeys;
    case "/":
      return run === undefined ? null : () => go(`/run/${run}/trials`);
    default:
      return null;
  }
}

const listed = [
  ["g r", "runs"],
  ["g p", "plan"],
  ["g c", "compare"],
  ["1 2 3 4", "overview, trials, failures, report"],
  ["/", "filter the trials"],
  ["j k ↓ ↑", "next, previous row or trial"],
  ["Enter", "open the row"],
  ["c", "copy the replay command"],
  ["t", "light or dark"],
  ["?", "this list"],
  ["Esc", "close, leave the filter"],
] as const;

export function showKeys(): void {
  askFirst({
    title: "Keys",
    body: (
      <>
        <dl class="keys">
          {listed.map(([keys, words]) => (
            <>
              <dt>
                {keys.split(" ").map((key) => (
                  <>
                    <kbd>{key}</kbd>{" "}
                  </>
                ))}
              </dt>
              <dd>{words}</dd>
            </>
          ))}
        </dl>
        <label>
          <input
            type="checkbox"
            checked={isOn}
            onChange={(event) => {
              isOn = event.currentTarget.checked;
              if (isOn) sessionStorage.removeItem(storageKey);
              else sessionStorage.setItem(storageKey, "off");
            }}
          />{" "}
          Single keys work (turn them off when speaking to the computer)
        </label>
        <p class="soft small">No key stops, pauses or cancels: that takes a button.</p>
      </>
    ),
  });
}
