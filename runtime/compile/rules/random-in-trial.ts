// random-in-trial: numbers that no seed can bring back. Math.random, the generators of node:crypto and Web Crypto, and functions of
// well-known packages that draw from them.
import { randomInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const cryptoNames =
  /^(randomUUID|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues|pseudoRandomBytes)$/;

/** Functions of packages that draw from Math.random or crypto. */
const drawingPackages: Readonly<Record<string, RegExp>> = {
  lodash: /(^|\.)(random|shuffle|sample|sampleSize)$/,
  "lodash-es": /^(default\.)?(random|shuffle|sample|sampleSize)$/,
  "lodash/random": /./,
  "lodash/shuffle": /./,
  "lodash/sample": /./,
  "lodash/sampleSize": /./,
  nanoid: /^(nanoid|customAlphabet|random)$/,
  uuid: /^(v1|v4|v6|v7)$/,
};

export const randomInTrialRule = trialUseRule({
  code: "random-in-trial",
  message: randomInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    switch (denoted.kind) {
      case "global": {
        if (denoted.path === "Math.random") return true;
        const [head, ...rest] = denoted.path.split(".");
        return head === "crypto" && cryptoNames.test(rest.at(-1) ?? "");
      }
      case "builtin":
        return denoted.module === "node:crypto" && cryptoNames.test(denoted.path.split(".").at(-1) ?? "");
      case "package":
        return drawingPackages[denoted.module]?.test(denoted.path) ?? false;
      default:
        return false;
    }
  },
});
