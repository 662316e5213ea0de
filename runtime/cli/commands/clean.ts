// Not landed yet in this working tree.
import type { CommandHandler } from "../command.ts";
export const handle: CommandHandler = async () => 2;
