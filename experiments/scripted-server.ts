// A server with scripted answers for studies that ask chat models: with a command it runs that with LLM_URL set, and ends when it does; without
// one it stays on port 8089.
import { spawn } from "node:child_process";
import { type FakeRequest, startFakeLlm } from "labwright/testing/fake-llm";

export async function serveScripted(of: {
  readonly answer: (request: FakeRequest) => string;
  readonly models: readonly string[];
  /** What was typed after the name of the script. */
  readonly command: readonly string[];
}): Promise<void> {
  const { answer, models } = of;
  const [program, ...rest] = of.command;
  const server = await startFakeLlm({ answer, models, ...(program === undefined && { port: 8089 }) });
  process.stderr.write(`scripted answers are given at ${server.endpoint}\n`);
  if (program === undefined) return;
  const child = spawn(program, rest, {
    stdio: "inherit",
    env: { ...process.env, LLM_URL: server.endpoint, LLM_KEY: "scripted" },
  });
  process.exitCode = await new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  await server.close();
}
