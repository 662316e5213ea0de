// Promises of `lab ui`, in a real Chromium: what it shows is what `lab status` says, old numbers never look live, nobody else can look or
// act, what a trial prints stays text, and a run watched from a page is the same run.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startFakeLlm } from "../fake-llm.ts";
import { ask, assertNoSideways, axeFindings, openBrowser, seen, served, visit } from "./browser.ts";
import { ended, projectOf } from "./project.ts";

const slow = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "haggle",
  question: "Who strikes the better bargain?",
  parameters: { seller: sweep(["rule", "model"]), rounds: sweep([5, 10]) },
  replicates: replicate(120, { seed: 1, pairing: "common-random-numbers" }),
  metrics: { surplus: metric.number({ range: [0, 1] }), deal: metric.boolean() },
  primary: "surplus",
  series: { offers: z.object({ round: z.int(), ask: z.number() }) },
  async trial({ parameters: { seller, rounds }, random, record, log }) {
    for (let round = 1; round <= rounds; round += 1) record("offers", { round, ask: 1 / round });
    log("the buyer says <img src=x onerror=alert(1)>");
    if (seller === "model" && random.float() < 0.2)
      throw new Error("cut at " + Math.floor(random.float() * 64) + ": <img src=x onerror=alert(2)>");
    await new Promise((done) => setTimeout(done, 30));
    const surplus = Math.min(1, random.float());
    return { surplus, deal: surplus > 0.2 };
  },
  analyses: ({ compare }) => [compare("surplus", { across: "seller", baseline: "rule" })],
});
`;

const many = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "many",
  parameters: { arm: sweep([1, 2, 3, 4]) },
  replicates: replicate(25_000, { seed: 1 }),
  metrics: { value: metric.number() },
  trial: ({ parameters: { arm }, random }) => ({ value: arm * random.float() }),
});
`;

const asking = `import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "ask",
  parameters: { tone: sweep(["kind"]) },
  replicates: replicate(9, { seed: 3 }),
  metrics: { length: metric.integer() },
  effects: { ask: chat({ endpoint: env("LLM_URL"), model: "tiny", requestsPerMinute: 4 }) },
  async trial({ parameters: { tone }, replicate: { index }, effects }) {
    const { text } = await effects.ask("question", { messages: [{ role: "user", content: \`\${tone} \${index}\` }] });
    return { length: text.length };
  },
});
`;

interface Status {
  readonly run: string;
  readonly status: string;
  readonly jobs: readonly { readonly done: number; readonly total: number; readonly failed: number }[];
}

const browser = await openBrowser();
const project = projectOf({ "experiments/haggle.experiment.ts": slow });
test.after(async () => {
  await browser?.close();
  project.remove();
});

function statusOf(run = "latest"): Status {
  return JSON.parse(project.lab("status", run, "--json").stdout) as Status;
}

/** A name of a test that needs the browser. */
function inChromium(name: string, promise: (chromium: NonNullable<typeof browser>) => Promise<void>): void {
  test(name, async () => {
    if (browser === null) console.log("skipped: needs chromium");
    else await promise(browser);
  });
}

inChromium(
  "a run is watched from its start to its end, paused and gone on with; the numbers are those of lab status",
  async (chromium) => {
    const ui = await served(project);
    const { page, problems, requests } = await visit(chromium);
    try {
      await page.goto(ui.url);
      await seen(page, "No runs yet");
      const run = project.start(["run", "--jobs", "2"]);
      const over = ended(run);
      await page.locator("tbody a").first().click();
      await seen(page, "live");
      await page.locator(".tabs .count.bad").waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      await seen(page, "paused");
      await page.keyboard.press("3");
      await page.getByRole("button", { name: /^Retry \d/ }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^Retry/ })
        .click();
      await page.keyboard.press("1");
      await seen(page, /failed trials? of haggle, which failed with "cut at .* again, asked for by/);
      // An act that was decided before another was seen, or was long on its way, does nothing; one that comes twice acts once.
      const press = { key: "fewer-workers", seen: 2, atMs: Date.now(), act: { do: "workers", count: 1 } };
      for (const [given, status, words] of [
        [press, 200, /^{"acts":3}/],
        [press, 200, /^{"acts":3}/],
        [
          { ...press, key: "too-early", act: { do: "drain" } },
          400,
          /somebody has acted since this was decided: 1 worker from now on, set by/,
        ],
        [
          { ...press, key: "too-late", seen: 3, atMs: Date.now() - 60_000 },
          400,
          /came \d+ s after it was asked for/,
        ],
      ] as const) {
        const body = JSON.stringify(given);
        const told = await ask(ui, {
          path: `/api/run/${statusOf().run}/act`,
          method: "POST",
          token: ui.token,
          body,
        });
        assert.is(told.status, status, told.body);
        assert.match(told.body, words);
      }
      await page.locator(".stepper", { hasText: "1 worker" }).waitFor();
      await page.getByRole("button", { name: "more workers" }).click();
      // Pressed at once: what the page itself has done is no reason to refuse it.
      await page.getByRole("button", { name: /go on/i }).click();
      await page.locator(".chip.running").waitFor();
      // A tab that the browser puts to sleep hears nothing of the rest; it catches up when it is looked at again.
      const tab = await page.context().newCDPSession(page);
      await tab.send("Page.setWebLifecycleState", { state: "frozen" });
      assert.is((await over).code, 3);
      await tab.send("Page.setWebLifecycleState", { state: "active" });
      await page.locator("h1 .chip.complete").waitFor();
      const { jobs, run: id } = statusOf();
      const [job] = jobs;
      const done = page.locator('[data-value="done"]');
      assert.is(await done.textContent(), String(job?.done));
      assert.is(job?.done, 480);
      assert.ok((job?.failed ?? 0) > 20);
      await seen(page, `${job?.failed} failed`);
      await seen(page, "surplus, from replicates 1 to 120 complete in every arm");
      assert.match(await page.title(), new RegExp(`complete · ${id}`));
      // What its process told is there when the process is not.
      await seen(page, "free on the disk of the run");
      // The run was steered from the page, once each, and says so.
      const acts = project.read(`.lab/runs/${id}/acts.jsonl`).trim().split("\n");
      assert.equal(
        acts.map((line) => JSON.parse(line)).map(({ act, origin }) => [act.do, origin]),
        [
          ["pause", "page"],
          ["retry", "page"],
          ["workers", "page"],
          ["workers", "page"],
          ["unpause", "page"],
        ],
      );
      assert.equal(problems(), []);
      // The token is in no address but the first, before the "#", and in no Referer.
      assert.ok(requests.every(({ url, referer }) => !`${url} ${referer ?? ""}`.includes(ui.token)));
      assert.not.match(page.url(), new RegExp(ui.token));
      assert.ok(requests.every(({ url }) => new URL(url).host === `127.0.0.1:${ui.port}`));
    } finally {
      await page.context().close();
      assert.is(await ui.stop(), 0, "Ctrl-C ends the page cleanly");
    }
  },
);

inChromium(
  "a run that asks a model shows how full its limits are, what holds it down, and each exchange as who said what",
  async (chromium) => {
    const server = await startFakeLlm({ answer: ({ prompt }) => `you said ${prompt}` });
    const own = projectOf({ "ask.experiment.ts": asking });
    const ui = await served(own);
    const run = own.start(["run", "--budget", "calls=5"], { LLM_URL: server.endpoint });
    const over = ended(run);
    const { page, problems } = await visit(chromium);
    try {
      await page.goto(ui.url);
      await page.locator("tbody a").first().click();
      await page.getByRole("img", { name: "requests a minute: 4 of 4" }).waitFor();
      await page.getByRole("img", { name: "budget of calls: 4 of 5" }).waitFor();
      // Once nothing has ended for a minute, there is no pace to hold to.
      await seen(page, /held (to it|up) by 4 requests a minute of 127.0.0.1/);
      await page.locator(".last a").first().click();
      await seen(page, /^you said kind \d$/);
      await seen(page, /^lab branch [0-9a-f]{16} --at question$/);
      assert.equal(problems(), []);
    } finally {
      run.kill("SIGKILL");
      await over;
      await page.context().close();
      await ui.stop();
      own.remove();
      await server.close();
    }
  },
);

inChromium(
  "every view is whole in both themes and at 600 pixels, and what a trial printed stays text",
  async (chromium) => {
    const ui = await served(project);
    try {
      const { run } = statusOf();
      const failed = JSON.parse(project.lab("status", run, "--json").stdout).unmeasured[0].trial as string;
      const views = [
        ["/", "Runs"],
        [`/run/${run}`, "Last ended"],
        [`/run/${run}/trials`, "failed: thrown"],
        [`/run/${run}/trial/${failed}`, "Series offers"],
        [`/run/${run}/failures`, "Copy replay"],
        ["/plan/haggle", "recorded already"],
        ["/compare", "There are not two runs yet."],
      ] as const;
      for (const [width, theme] of [
        [1280, "light"],
        [600, "dark"],
      ] as const) {
        const { page, problems } = await visit(chromium, { width, theme });
        await page.goto(ui.url);
        for (const [address, words] of views) {
          await page.goto(new URL(address, ui.url).href);
          await seen(page, words);
          assert.equal(await axeFindings(page), [], `${address} at ${width}`);
          await assertNoSideways(page, `${address} at ${width}`);
        }
        await page.goto(new URL(`/run/${run}/trial/${failed}`, ui.url).href);
        await seen(page, "<img src=x onerror=alert(1)>");
        await seen(page, /cut at \d+: <img src=x onerror=alert\(2\)>/);
        assert.is(await page.locator("main img").count(), 0);
        await page.goto(new URL(`/run/${run}/report`, ui.url).href);
        const frame = page.frameLocator("iframe.framed");
        await frame.getByRole("heading", { level: 1 }).waitFor();
        assert.is(await page.locator("iframe").getAttribute("sandbox"), "allow-scripts");
        assert.equal(problems(), []);
        await page.context().close();
      }
    } finally {
      await ui.stop();
    }
  },
);

inChromium(
  "a server that stands still is said to be not connected: grey, shut buttons; then the page is itself again",
  async (chromium) => {
    const ui = await served(project);
    const run = project.start(["run", "--jobs", "1", "--force"]);
    const over = ended(run);
    const { page, problems } = await visit(chromium);
    try {
      await page.goto(ui.url);
      await page
        .locator("tr", { has: page.locator(".chip.running") })
        .locator("a")
        .first()
        .click();
      const pause = page.getByRole("button", { name: "Pause" });
      await page.locator(".acts button:not([disabled])").first().waitFor();
      ui.process.kill("SIGSTOP");
      await seen(page, "Not connected.");
      assert.ok(await pause.isDisabled());
      assert.ok(await page.locator("body[data-stale]").count());
      ui.process.kill("SIGCONT");
      await page.locator("body:not([data-stale])").waitFor();
      // A run whose process was killed is not "running".
      run.kill("SIGKILL");
      await over;
      await seen(page, "The process of this run is gone");
      const { jobs, status } = statusOf();
      assert.is(status, "killed");
      await page.locator('[data-value="done"]', { hasText: new RegExp(`^${jobs[0]?.done}$`) }).waitFor();
      assert.ok(await page.locator("body[data-stale]").count());
      assert.equal(problems(), []);
    } finally {
      run.kill("SIGKILL");
      ui.process.kill("SIGCONT");
      await page.context().close();
      await ui.stop();
    }
  },
);

inChromium(
  "a plan is looked at and begun; its hundred thousand rows by keyboard: the end and back, a filter over all of them, few elements",
  async (chromium) => {
    const own = projectOf({ "experiments/many.experiment.ts": many });
    const ui = await served(own);
    const { page, problems } = await visit(chromium, { expected: /status of 400/ });
    try {
      await page.goto(ui.url);
      await page.getByRole("link", { name: "Plan", exact: true }).click();
      await seen(page, "4 conditions, 25,000 replicates of each");
      await seen(page, "1, 2, 3, 4");
      await page.getByRole("button", { name: "Start 100,000 units" }).click();
      await page.locator("tbody .chip.complete").waitFor({ timeout: 120_000 });
      await page.locator("tbody a").first().click();
      await seen(page, "Last ended");
      await page.keyboard.press("2");
      await seen(page, "row 1 of 100,000");
      await page.keyboard.press("j");
      await page.keyboard.press("End");
      await seen(page, "row 100,000 of 100,000");
      await page.locator("#row-99999:not(:has-text('…'))").waitFor();
      assert.ok((await page.locator(".rw").count()) < 60, "only rows on screen are made");
      await page.keyboard.press("Home");
      await seen(page, "row 1 of 100,000");
      await page.keyboard.press("/");
      await page.keyboard.type("arm=3 replicate<10");
      await seen(page, "row 1 of 10 (100,000 in all)");
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("valu>1");
      await seen(page, /Did you mean value\?/);
      await page.keyboard.press("Control+A");
      await page.keyboard.type("value<0.5 arm=1");
      await seen(page, /^row 1 of 12,\d{3} /);
      await page.getByRole("button", { name: "value" }).click();
      await page.locator('[aria-sort="ascending"]').waitFor();
      await page.locator(".vt .bd").focus();
      await page.keyboard.press("Enter");
      await seen(page, "Run it again, alone");
      assert.equal(problems(), []);
    } finally {
      await page.context().close();
      await ui.stop();
      own.remove();
    }
  },
);

inChromium(
  "a link that only looks acts on nothing, and a published copy is read without a server of ours",
  async (chromium) => {
    const ui = await served(project, "--read-only");
    const { page, problems } = await visit(chromium);
    try {
      await page.goto(ui.url);
      await seen(page, "Read-only.");
      const told = await ask(ui, { path: "/api/plan", method: "POST", token: ui.token, body: "{}" });
      assert.is(told.status, 403);
      assert.match(told.body, /read-only/);
      const exported = project.lab("ui", "--export", "site", "--json");
      assert.is(exported.code, 0, exported.all);
      const { files } = JSON.parse(exported.stdout) as { readonly files: readonly string[] };
      assert.ok(files.includes("index.html") && files.includes("data/project.json"));
      assert.ok(files.some((file) => /^data\/run\/r0001-[a-z-]+\/report[.]html$/.test(file)));
      assert.not.match(project.read("site/index.html"), /#t=/);
      assert.equal(problems(), []);
    } finally {
      await page.context().close();
      await ui.stop();
    }
  },
);

test("only its own page with its token is answered, and no answer names the token", async () => {
  const ui = await served(project);
  try {
    const good = { path: "/api/project", token: ui.token };
    assert.is((await ask(ui, good)).status, 200);
    for (const [why, given] of Object.entries({
      "no token": { ...good, token: "" },
      "another token": { ...good, token: "0".repeat(32) },
      "a name that was bound to this address": { ...good, headers: { Host: "evil.example" } },
      "another port's page": { ...good, headers: { Origin: "http://127.0.0.1:1" } },
      "another site": { ...good, headers: { "Sec-Fetch-Site": "cross-site" } },
      "a ticket that was made up": { path: "/ticket/0", token: ui.token },
    }))
      assert.is((await ask(ui, given)).status, 403, why);
    const form = {
      ...good,
      path: "/api/compare",
      method: "POST",
      body: "before=a",
      headers: { "Content-Type": "text/plain" },
    };
    assert.is((await ask(ui, form)).status, 400);
    const page = await ask(ui, { path: "/run/anything", token: "" });
    assert.is(page.status, 200);
    assert.match(
      String(page.headers["content-security-policy"]),
      /default-src 'none'.*require-trusted-types-for 'script'/,
    );
    assert.is(page.headers["cache-control"], "no-store");
    assert.is(page.headers["access-control-allow-origin"], undefined);
    assert.not.match(page.body, new RegExp(ui.token));
  } finally {
    await ui.stop();
  }
});

test.run();
