// The orchestrator of experiments/fish-tank on loopback for tests, with a state that it keeps, that may be killed and started again.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, listenerOf } from "./ports.ts";

const source = fileURLToPath(new URL("../../../experiments/fish-tank", import.meta.url));

/** A Python with gRPC: Debian's own packages are not seen by another. */
const python = ["python3", "/usr/bin/python3"].find(
  (program) => spawnSync(program, ["-c", "import grpc, google.protobuf"]).status === 0,
);

/** Whether this machine can start one; where it cannot, CI fails. */
export function hasOrchestrator(): boolean {
  const has = python !== undefined && spawnSync("protoc", ["--version"]).status === 0;
  if (!has && process.env.CI === "true")
    throw new Error("needs Debian's python3-grpcio, python3-protobuf and protobuf-compiler");
  return has;
}

/** A simulation as the orchestrator was told of it: once for each start. */
export interface StartedSimulation {
  readonly id: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface TestOrchestrator {
  readonly address: string;
  /** What it was told to start, in order, over all its lives. */
  started(): readonly StartedSimulation[];
  /** How each simulation stands. */
  events(): ReadonlyMap<string, string>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOrchestrator(
  workers: number,
  environment: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<TestOrchestrator> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-orchestrator-"));
  cpSync(source, folder, { recursive: true });
  const port = await freePort();
  const told = (): readonly Record<string, unknown>[] => {
    const file = join(folder, "state/simulations.jsonl");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const options = ["--port", `${port}`, "--workers", `${workers}`, "--state", join(folder, "state"), ...more];
  const { start, kill, end } = listenerOf({
    ...{ port, program: python ?? "python3", args: [join(folder, "orchestrator.py"), ...options] },
    options: { env: { ...process.env, ...environment } },
  });
  await start();
  return {
    address: `127.0.0.1:${port}`,
    started: () =>
      told().flatMap(({ id, configuration }) =>
        configuration === undefined
          ? []
          : [{ id: String(id), configuration: configuration as Record<string, unknown> }],
      ),
    events: () => new Map(told().map(({ id, event }) => [String(id), String(event)])),
    kill,
    start,
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
