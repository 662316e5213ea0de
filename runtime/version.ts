// The version of labwright, read from its own package.json, which lies at another depth from the checkout than from dist/.
import { readFileSync } from "node:fs";

export function labwrightVersion(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (name === "labwright" && version !== undefined) return version;
    } catch {
      // Not at this depth.
    }
  }
  return "unknown";
}
