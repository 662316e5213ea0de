// The live page of a trial under way, in a real Chromium: it shows what the trial has recorded so far.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openBrowser, seen, served, visit } from "./browser.ts";
import { begun, isReady, removeLive } from "./live-project.ts";
import { projectOf } from "./project.ts";

/** Computes without a pause until the file `open` is there, and records on the way. */
const busy = `import { existsSync } from "node:fs";
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "walk",
  parameters: { drift: sweep([0.1]) },
  replicates: replicate(2, { seed: 3 }),
  metrics: { end: metric.number() },
  series: { path: z.object({ step: z.int(), place: z.number() }) },
  trial({ parameters: { drift }, random, record }) {
    let place = 0;
    // lab-allow file-in-trial: the test's gate
    for (let step = 0; step < 30 || !existsSync("open"); step += 1) {
      place += drift + random.normal();
      record("path", { step, place });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    return { end: place };
  },
});
`;

const chromium = await openBrowser();

test("the page of a trial under way draws the rows that it has recorded so far, though the trial never waits", async () => {
  if (chromium === null) {
    console.log("skipped: needs chromium");
    return;
  }
  const own = projectOf({ "walk.experiment.ts": busy });
  const ui = await served(own);
  const run = begun(own, ["run", "--jobs", "1", "--json"]);
  const { page, problems } = await visit(chromium);
  try {
    await run.until(isReady);
    await page.goto(ui.url);
    await page.locator("tbody a").first().click();
    await seen(page, "live");
    await page.keyboard.press("2");
    await page.locator("#row-0:not(:has-text('…'))").click();
    await page.locator("h2 .chip.running").waitFor();
    const rows = page.locator("section", { hasText: "Series path" }).locator("header .soft");
    const early = (await rows.textContent()) ?? "";
    const counted = (words: string | null): number => Number.parseInt((words ?? "").replaceAll(",", ""), 10);
    await rows.filter({ hasNotText: early }).waitFor();
    assert.ok(counted(await rows.textContent()) > counted(early));
    own.write("open", "");
    await page.locator("h2 .chip.measured").waitFor();
    assert.is((await run.end).code, 0);
    // Nobody asked the program's own events for rows.
    assert.not.ok(run.lines.some(({ type }) => type === "rows"));
    assert.equal(problems(), []);
  } finally {
    await chromium.close();
    await ui.stop();
    removeLive(own);
  }
});

test.run();
