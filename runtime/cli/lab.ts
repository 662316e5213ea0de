#!/usr/bin/env node
// The command `lab`. It reads the command line, loads the one command that was asked for, and turns every ending into an exit
// code of exit-code.ts. Commands are loaded lazily: `lab --help` imports nothing heavy.
import { buildProgram } from "./program.ts";
import { reportFailure } from "./report-failure.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` closed the pipe: that is its right, not our failure.
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportFailure(error);
}
