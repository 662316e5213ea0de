// network-in-trial: sockets and requests, by Node's modules, by globals and by well-known clients. `new URL(...)` touches nothing.
import { networkInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const modules = /^node:(net|http|https|http2|dgram|tls|dns|dns\/promises|inspector)$/;
const globals = /^(fetch|WebSocket|EventSource|XMLHttpRequest|navigator\.sendBeacon)$/;
const packages =
  /^(axios|node-fetch|undici|got|ky|ws|superagent|socket\.io-client|openai|ai|@anthropic-ai\/sdk|@grpc\/grpc-js|redis|ioredis|pg|mysql2|mongodb)$/;
/** Constants and parsers of those modules, which send nothing. */
const harmless =
  /^(STATUS_CODES|METHODS|isIP|isIPv4|isIPv6|validateHeaderName|validateHeaderValue|constants)(\.|$)/;

export const networkInTrialRule = trialUseRule({
  code: "network-in-trial",
  message: networkInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    switch (denoted.kind) {
      case "global":
        return globals.test(denoted.path);
      case "builtin":
        return modules.test(denoted.module) && !harmless.test(denoted.path);
      case "package":
        return packages.test(denoted.module);
      default:
        return false;
    }
  },
});
