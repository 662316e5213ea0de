// The commands in the order of the help page. Each has its words and options in x.command.ts and its code beside it in x.ts, which is
// loaded when the command is asked for: nothing heavy is imported here.
import type { CommandSpec } from "./command.ts";
import { archiveCommand } from "./commands/archive.command.ts";
import { artifactsCommand } from "./commands/artifacts.command.ts";
import { attachCommand } from "./commands/attach.command.ts";
import { branchCommand } from "./commands/branch.command.ts";
import { buildCommand } from "./commands/build.command.ts";
import { cancelCommand } from "./commands/cancel.command.ts";
import { cleanCommand } from "./commands/clean.command.ts";
import { compareCommand } from "./commands/compare.command.ts";
import { completionCommand } from "./commands/completion.command.ts";
import { debugCommand } from "./commands/debug.command.ts";
import { doctorCommand } from "./commands/doctor.command.ts";
import { exportCommand } from "./commands/export.command.ts";
import { hostCommand } from "./commands/host.command.ts";
import { importCommand } from "./commands/import.command.ts";
import { initCommand } from "./commands/init.command.ts";
import { listCommand } from "./commands/list.command.ts";
import { logsCommand } from "./commands/logs.command.ts";
import { mergeCommand } from "./commands/merge.command.ts";
import { noteCommand } from "./commands/note.command.ts";
import { notifyCommand } from "./commands/notify.command.ts";
import { openCommand } from "./commands/open.command.ts";
import { pauseCommand } from "./commands/pause.command.ts";
import { planCommand } from "./commands/plan.command.ts";
import { powerCommand } from "./commands/power.command.ts";
import { priorityCommand } from "./commands/priority.command.ts";
import { pushCommand } from "./commands/push.command.ts";
import { queryCommand } from "./commands/query.command.ts";
import { renameCommand } from "./commands/rename.command.ts";
import { reportCommand } from "./commands/report.command.ts";
import { restoreCommand } from "./commands/restore.command.ts";
import { retryCommand } from "./commands/retry.command.ts";
import { runCommand } from "./commands/run.command.ts";
import { selectCommand } from "./commands/select.command.ts";
import { showCommand } from "./commands/show.command.ts";
import { statusCommand } from "./commands/status.command.ts";
import { stopCommand } from "./commands/stop.command.ts";
import { syncCommand } from "./commands/sync.command.ts";
import { tagCommand } from "./commands/tag.command.ts";
import { testCommand } from "./commands/test.command.ts";
import { uiCommand } from "./commands/ui.command.ts";
import { unpauseCommand } from "./commands/unpause.command.ts";
import { verifyCommand } from "./commands/verify.command.ts";
import { watchCommand } from "./commands/watch.command.ts";
import { whyCommand } from "./commands/why.command.ts";
import { workerCommand } from "./commands/worker.command.ts";
import { workersCommand } from "./commands/workers.command.ts";

export const commands: readonly CommandSpec[] = [
  initCommand,
  importCommand,
  buildCommand,
  testCommand,
  planCommand,
  doctorCommand,
  runCommand,
  openCommand,
  attachCommand,
  pauseCommand,
  unpauseCommand,
  stopCommand,
  cancelCommand,
  retryCommand,
  workersCommand,
  workerCommand,
  hostCommand,
  priorityCommand,
  whyCommand,
  verifyCommand,
  branchCommand,
  statusCommand,
  watchCommand,
  uiCommand,
  notifyCommand,
  listCommand,
  showCommand,
  logsCommand,
  debugCommand,
  artifactsCommand,
  exportCommand,
  syncCommand,
  queryCommand,
  reportCommand,
  compareCommand,
  powerCommand,
  selectCommand,
  tagCommand,
  noteCommand,
  renameCommand,
  mergeCommand,
  archiveCommand,
  restoreCommand,
  pushCommand,
  cleanCommand,
  completionCommand,
];
