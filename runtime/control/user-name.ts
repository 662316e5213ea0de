// Who asks, as acts say it.
import { userInfo } from "node:os";

/** Name of the user of this process. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
