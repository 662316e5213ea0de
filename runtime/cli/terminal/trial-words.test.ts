import { test } from "uvu";
import * as assert from "uvu/assert";
import { trialWords } from "./trial-words.ts";

test("a trial is told with all of its levels, of long ones the beginning, and no level breaks the line", () => {
  const prompt = `You sell bread.\nName a price.${" Think.".repeat(1000)}`;
  const told = trialWords({ of: "market", condition: { rate: 0.1, prompt, firms: [1, 2] }, replicate: 3 });
  assert.match(
    told,
    /^market \(rate=0\.1, prompt=You sell bread\. Name a price\.( Think\.){4} T…, firms=\[1,2\]; replicate 3\)$/,
  );
});

test.run();
