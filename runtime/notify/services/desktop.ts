// The desktop of this machine: notify-send on Linux, osascript on macOS, by argument lists and never through a shell.
import { spawn } from "node:child_process";
import { cutTo, type Notification, plainTextOf } from "../notification.ts";
import { type Notifier, type NotifierOptions, notifierOf, type Sent } from "../notifier.ts";

/** Tells whoever sits at this machine. @example export default defineConfig({ notify: [desktop({ on: ["finish"] })] }); */
export function desktop(options: NotifierOptions = {}): Notifier {
  return notifierOf({
    name: "desktop",
    options,
    variables: [],
    send: (told, { signal }) => started(commandOf(told), signal),
  });
}

function commandOf(told: Notification): readonly [program: string, ...parts: string[]] {
  const body = cutTo(plainTextOf(told), 400);
  if (process.platform === "darwin") {
    // The texts are arguments of the script, not part of it.
    const script = "on run {title, body}\ndisplay notification body with title title\nend run";
    return ["osascript", "-e", script, told.title, body];
  }
  const urgency = told.level === "failure" ? "critical" : "normal";
  return ["notify-send", "--app-name=labwright", `--urgency=${urgency}`, "--", told.title, body];
}

function started([program, ...parts]: readonly [string, ...string[]], signal: AbortSignal): Promise<Sent> {
  return new Promise((resolve) => {
    const child = spawn(program, parts, { stdio: "ignore", signal });
    child.on("error", (error) =>
      resolve({
        failed:
          "code" in error && error.code === "ENOENT"
            ? `there is no ${program} on this machine`
            : error.message,
      }),
    );
    child.on("exit", (code) => resolve(code === 0 ? "sent" : { failed: `${program} ended with ${code}` }));
  });
}
