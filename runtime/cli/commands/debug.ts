// `lab debug <trial>`: one trial in this very process, under the inspector, paused where the author's function begins. The pause is a
// breakpoint on that function, set through a session of our own beside the client's.
import inspector from "node:inspector";
import { UserError } from "../../diagnostic/user-error.ts";
import { everything } from "../../plan/selection.ts";
import { type ReadyTrial, runOneTrial } from "../../run/again/one-trial.ts";
import { runPortsOf } from "../../run/ports.ts";
import type { CommandHandler } from "../command.ts";
import { loadedConfig } from "../loaded-config.ts";
import { flag, number, projectRoot } from "../options.ts";
import { say } from "../terminal/say.ts";
import { showOneTrial } from "../terminal/show-one-trial.ts";
import { nameOf } from "../terminal/show-plan.ts";

export const handle: CommandHandler = async ([reference = ""], options) => {
  const root = projectRoot(options);
  const { performers } = await loadedConfig(root);
  const port = number(options, "port") ?? 9229;
  const told = await runOneTrial({
    root,
    selection: everything,
    overrides: {},
    effectKinds: Object.keys(performers),
    ports: runPortsOf({ performers }),
    trial: reference,
    inline: true,
    beforeCall: async (ready) => {
      attach(ready, port);
      await pauseAtStart(ready.run);
    },
  });
  return showOneTrial(told, { json: flag(options, "json") });
};

/** Waits until a client is attached. Node itself prints the address. */
function attach({ trial }: ReadyTrial, port: number): void {
  if (inspector.url() === undefined) inspector.open(port, "127.0.0.1");
  if (inspector.url() === undefined)
    throw new UserError(`the inspector cannot listen on port ${port}`, {
      hint: "Another debugger may be on it: --port 0 takes a free one.",
    });
  say(
    process.stderr,
    `trial ${trial.id} of ${nameOf(trial.job)} waits for a debugger: VS Code (Debug: Attach to Node Process) or chrome://inspect`,
  );
  inspector.waitForDebugger();
}

/** Lets the next call of a function pause at its first line, for every client. */
async function pauseAtStart(run: unknown): Promise<void> {
  const session = new inspector.Session();
  session.connect();
  const name = "labwright paused function";
  Object.defineProperty(globalThis, name, { value: run, configurable: true });
  const { result } = await new Promise<inspector.Runtime.EvaluateReturnType>((resolve, reject) =>
    session.post("Runtime.evaluate", { expression: `globalThis[${JSON.stringify(name)}]` }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    ),
  );
  Reflect.deleteProperty(globalThis, name);
  await posted(session, "Debugger.enable", {});
  await posted(session, "Debugger.setBreakpointOnFunctionCall", { objectId: result.objectId });
}

/** A command of the protocol that answers with nothing that is needed; the types of Node do not know all of them. */
function posted(session: inspector.Session, method: string, parameters: object): Promise<void> {
  return new Promise((resolve, reject) =>
    session.post(method, parameters, (error) => (error === null ? resolve() : reject(error))),
  );
}
