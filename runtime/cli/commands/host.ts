// `lab host`: a host for a run of another machine, which speaks to it over standard input and output.

import { Socket } from "node:net";
import { availableParallelism } from "node:os";
import type { HostCheck } from "../../execute/engine/host-check.ts";
import { relayHost } from "../../execute/host/relay.ts";
import { type Labels, machineLabels } from "../../execute/protocol/labels.ts";
import { serveElement } from "../../execute/slurm/element.ts";
import { labwrightVersion } from "../../version.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { codeFolder } from "../host-folder.ts";
import { flag, number, text } from "../options.ts";

export const handle: CommandHandler = async (_, options) => {
  const threads = number(options, "threads") ?? availableParallelism();
  const labels = (options.labels ?? {}) as Labels; // As option-values.ts has parsed them.
  if (flag(options, "check")) {
    const check: HostCheck = {
      labwright: labwrightVersion(),
      node: process.versions.node,
      threads,
      labels: machineLabels(labels),
    };
    process.stdout.write(`${JSON.stringify(check)}\n`);
    return exitCode.done;
  }
  const memoryMb = number(options, "memory");
  const element = text(options, "element");
  if (element !== null) {
    await serveElement({ folder: element, environment: process.env });
    return exitCode.done;
  }
  // Standard output as Node opens it would block this process while the line is slow.
  const output = new Socket({ fd: 1, readable: false, writable: true });
  const folder = text(options, "folder");
  await relayHost(
    { threads, memoryMb, labels, code: codeFolder(folder) },
    { input: process.stdin, output, words: process.stderr },
  );
  return exitCode.done;
};
