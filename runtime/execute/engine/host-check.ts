// What `lab host --check` says of another machine, and whether it may work for a run of this one: labwright must be the same, and Node of the same
// major version, since numbers may differ from one to the next.
import { labwrightVersion } from "../../version.ts";
import type { Labels } from "../protocol/labels.ts";

/** What `lab host --check` prints, as JSON. */
export interface HostCheck {
  readonly labwright: string;
  readonly node: string;
  readonly threads: number;
  readonly labels: Labels;
}

/** From the last line that was printed; null where it is none. */
export function readHostCheck(printed: string): HostCheck | null {
  try {
    const {
      labwright,
      node,
      threads,
      labels = {},
    } = JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Partial<HostCheck>;
    return typeof labwright === "string" && typeof node === "string" && typeof threads === "number"
      ? { labwright, node, threads, labels }
      : null;
  } catch {
    return null;
  }
}

/** What two machines have of each, by which they may not work together. */
export interface Unlike {
  /** Such as "Node 18.20.4". */
  readonly has: string;
  /** Such as "20.19.1". */
  readonly here: string;
  /** What the other machine needs, such as "Node 20". */
  readonly needed: string;
}

/** Null where they may. */
export function unlikeHere(
  there: { readonly labwright: string; readonly node: string },
  here = { labwright: labwrightVersion(), node: process.versions.node },
): Unlike | null {
  if (there.labwright !== here.labwright)
    return {
      has: `labwright ${there.labwright}`,
      here: here.labwright,
      needed: `labwright ${here.labwright}`,
    };
  const [mine = "", theirs] = [here.node, there.node].map((version) => version.split(".")[0]);
  return mine === theirs ? null : { has: `Node ${there.node}`, here: here.node, needed: `Node ${mine}` };
}
