// unread-parameter: swept, and read by no stage. Its levels would be the same trials under other seeds: noise that looks like a design.
import { nearest } from "../../diagnostic/nearest.ts";
import { unreadParameter } from "../../diagnostic/trial-code-messages.ts";
import { propertyValue } from "./definition-parts.ts";
import { parameterReads } from "./parameter-reads.ts";
import { programsOf } from "./program-reads.ts";
import { type Found, placeOf, type Rule, type Subject } from "./rule.ts";
import { sweptParameters } from "./swept-parameters.ts";

export const unreadParameterRule: Rule = {
  code: "unread-parameter",
  check(subject: Subject): readonly Found[] {
    const space = propertyValue(subject.experiment, "parameters");
    const swept = space === null ? [] : sweptParameters(subject.denoter, subject.module, space);
    if (swept.length === 0) return [];
    const reads = parameterReads(subject);
    if (reads === "all") return [];
    const hasProgram = programsOf(subject).length > 0;
    const names = new Set(swept.map(({ name }) => name));
    const strangers = [...reads].filter((name) => !names.has(name));
    const reported = new Set<string>();
    return swept.flatMap(({ name, node, branches }) => {
      const isRead = reads.has(name) || branches.some((branch) => reads.has(branch));
      if (isRead || reported.has(name)) return [];
      reported.add(name);
      const place = placeOf(subject.root, node);
      return [
        unreadParameter({
          place,
          experiment: subject.name,
          parameter: name,
          near: nearest(name, strangers),
          hasProgram,
        }),
      ];
    });
  },
};
