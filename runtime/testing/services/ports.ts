// Ports of loopback, and programs that listen there, for the services that tests start.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { createConnection, createServer } from "node:net";

const listenTriesMax = 400;

/** Whether somebody listens there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => socket.destroy());
    socket.once("error", () => undefined);
    socket.once("close", (hadError) => resolve(!hadError));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A program that listens, and may be killed and started again. */
export interface Listener {
  /** Resolves once it listens. */
  start(): Promise<void>;
  /** As the kernel would for lack of memory. */
  kill(): Promise<void>;
  /** Kills it where it runs. */
  end(): Promise<void>;
}

export function listenerOf(of: {
  readonly port: number;
  readonly program: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}): Listener {
  const { port, program, args, options } = of;
  let server: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGKILL");
    await ended;
  };
  return {
    async start() {
      server = spawn(program, args, { stdio: "ignore", ...options });
      for (let tries = 0; !(await answers(port)); tries++) {
        if (tries > listenTriesMax) throw new Error(`${program} does not listen`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    kill,
    async end() {
      if (server?.exitCode === null && server.signalCode === null) await kill();
    },
  };
}
