// Labels of machines: a name with a value, "yes" where only the name was given. Experiments name those that they need.
import { arch } from "node:os";

export type Labels = Readonly<Record<string, string>>;

/** What was said of this machine, and what it knows of itself. */
export function machineLabels(own: Labels): Labels {
  return { ...own, node: process.version, arch: arch() };
}

/** Whether a machine has all of what is needed: "gpu" whatever its value, "site=north" with this one. */
export function hasLabels(labels: Labels, needed: readonly string[]): boolean {
  return needed.every((each) => {
    const at = each.indexOf("=");
    return at < 0 ? Object.hasOwn(labels, each) : labels[each.slice(0, at)] === each.slice(at + 1);
  });
}

/** Reads `gpu` and `site=north`; null in place of a text that is no label. */
export function labelsIn(texts: readonly string[]): Labels | null {
  const labels: Record<string, string> = {};
  for (const text of texts) {
    const [, name, value = "yes"] = /^([\w.-]{1,64})(?:=([\w.-]{1,64}))?$/.exec(text.trim()) ?? [];
    if (name === undefined) return null;
    labels[name] = value;
  }
  return labels;
}

/** As they are written: `gpu`, `site=north`. */
export function labelTexts(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([name, value]) => (value === "yes" ? name : `${name}=${value}`));
}
