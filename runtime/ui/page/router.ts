// The page's address as a signal. A served page has real addresses; a published copy, which may lie in any folder, has them behind "#".
import { signal } from "@preact/signals";

export const isExported = document.querySelector('meta[name="lab-export"]') !== null;

export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function placeNow(): Place {
  const text = isExported ? location.hash.slice(1) || "/" : `${location.pathname}${location.search}`;
  const [path = "/", query = ""] = text.split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export const place = signal(placeNow());

addEventListener(isExported ? "hashchange" : "popstate", () => {
  place.value = placeNow();
});

/** The address of a place as an attribute of a link. */
export function href(to: string): string {
  return isExported ? `#${to}` : to;
}

export function go(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, "", href(to));
  else history.pushState(null, "", href(to));
  place.value = placeNow();
  if (replace) return;
  scrollTo(0, 0);
  // The new view is drawn by then; what is read aloud begins with it.
  requestAnimationFrame(() => document.getElementById("main")?.focus({ preventScroll: true }));
}

/** Follows links of the page without loading it again. */
export function followLinks(): void {
  addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const to = link?.getAttribute("href") ?? "";
    if (isExported || !to.startsWith("/") || link?.target === "_blank") return;
    event.preventDefault();
    go(to);
  });
}
