// Promise: whoever is named in lab.config.ts hears how a run went, through services that misbehave, and a service that is dead, slow or
// wrong changes neither the run nor its exit code. Payloads are held against what the services publish.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createNetServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { ended, type Project, projectOf } from "./project.ts";

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Service {
  readonly url: string;
  readonly heard: Heard[];
  close(): Promise<void>;
}

type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "hang"
  | "reset";

/** An HTTP server whose n-th answer on a path is the n-th given, and 204 after them. */
async function serviceOf(answers: Readonly<Record<string, readonly Answer[]>> = {}): Promise<Service> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const path = request.url ?? "";
    const index = heard.filter((each) => each.path === path).length;
    heard.push({ path, headers: request.headers, body: Buffer.concat(parts) });
    const answer = answers[path]?.[index] ?? { status: 204 };
    if (answer === "hang") return;
    if (answer === "reset") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
export default defineExperiment({
  name: "brew",
  question: "Does a longer wait make better tea?",
  parameters: { minutes: sweep([1, 3]) },
  replicates: replicate(15, { seed: 4 }),
  metrics: { taste: metric.number({ unit: "points" }) },
  async trial({ parameters: { minutes }, replicate: { index }, random, artifact }) {
    if (minutes === 3 && index < 5) throw new Error(\`the kettle is broken at \${index + 90} degrees\\nand cold again\`);
    if (index === 0) await artifact("leaves.txt", "green");
    return { taste: minutes + random.normal(0, 0.5) };
  },
  analyses: ({ compare }) => [compare("taste", { across: "minutes" })],
});
`;

function projectTold(notify: string): Project {
  return projectOf({
    "brew.experiment.ts": experiment,
    "lab.config.ts": `import { defineConfig } from "labwright/config";
import { desktop, discord, email, ntfy, slack, webhook } from "labwright/notify";
void [desktop, discord, email, ntfy, slack, webhook];
export default defineConfig({ notify: [${notify}] });
`,
  });
}

/** developers/docs/resources/message and /webhook of Discord: limits and members of an executed webhook. */
const discordPayload = z.strictObject({
  allowed_mentions: z.strictObject({ parse: z.array(z.string()).length(0) }),
  embeds: z
    .array(
      z.strictObject({
        title: z.string().min(1).max(256),
        description: z.string().min(1).max(4096).optional(),
        color: z.int().min(0).max(0xffffff),
        fields: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(256),
              value: z.string().min(1).max(1024),
              inline: z.boolean(),
            }),
          )
          .max(25),
        footer: z.strictObject({ text: z.string().min(1).max(2048) }),
        image: z.strictObject({ url: z.literal("attachment://chart.png") }).optional(),
      }),
    )
    .min(1)
    .max(10),
});

test("Discord gets status, the metric with intervals, failures, links and a chart; its 429 and 500 are waited for", async () => {
  const service = await serviceOf({
    "/hook-path-secret": [
      {
        status: 429,
        headers: { "retry-after": "0.05" },
        body: '{"message":"slow","retry_after":0.05,"global":false}',
      },
      { status: 500, body: "<html>" },
      "reset",
    ],
  });
  const project = projectTold('discord({ on: ["finish", "failures"] })');
  try {
    const run = await ended(
      project.start(["run"], { DISCORD_WEBHOOK_URL: `${service.url}/hook-path-secret` }),
    );
    assert.is(run.code, 3, run.all);
    assert.not.match(run.all, "hook-path-secret");
    const payloads = service.heard.map(({ headers, body }) => payloadOf(headers, body));
    for (const { json } of payloads) discordPayload.parse(json);
    const titles = payloads.map(({ json }) => (json as z.infer<typeof discordPayload>).embeds[0]!.title);
    assert.match(titles[0]!, /^brew: \d+ of \d+ trials failed$/);
    assert.is(new Set(titles.slice(0, 4)).size, 1, "the first message is tried again until it arrives");
    const { json, png } = payloads.at(-1)!;
    const [embed] = discordPayload.parse(json).embeds;
    assert.match(embed!.title, /^brew: complete, 30 trials in /);
    const fieldOf = (name: string) => embed!.fields.find((field) => field.name === name)?.value ?? "";
    assert.match(
      fieldOf("Primary metric"),
      /taste \(points\), minutes = 1: [01]\.\d{3} \[\d\.\d{3}, \d\.\d{3}\], n = 15/,
    );
    assert.match(fieldOf("Findings"), /taste/);
    assert.match(fieldOf("Without a measurement"), /^5 x failed: .*the kettle is broken at 9\d degrees$/);
    assert.match(fieldOf("Files"), /report\.html/);
    const file = /^leaves\.txt: (.+)$/m.exec(fieldOf("Files"))?.[1];
    assert.is(readFileSync(file!, "utf8"), "green", "a file of a trial is named with its place");
    assert.equal([...png!.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47], "the chart is a PNG");
  } finally {
    await service.close();
    project.remove();
  }
});

function payloadOf(
  headers: IncomingHttpHeaders,
  body: Buffer,
): { readonly json: unknown; readonly png: Buffer | null } {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return { json: JSON.parse(body.toString()), png: null };
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? "";
  const parts = body
    .toString("latin1")
    .split(`--${boundary}`)
    .map((part) => Buffer.from(part, "latin1"));
  const contentOf = (name: string): Buffer => {
    const part = parts.find((each) => each.includes(`name="${name}"`))!;
    return part.subarray(part.indexOf("\r\n\r\n") + 4, part.length - 2);
  };
  return { json: JSON.parse(contentOf("payload_json").toString()), png: contentOf("files[0]") };
}

test("Slack, a webhook with its signature, and ntfy hear of arms and the end", async () => {
  const service = await serviceOf();
  const project = projectTold(
    'slack(), webhook({ secretFrom: "HOOK_SECRET", on: ["start", "arm", "finish"] }), ntfy({ on: ["finish"] })',
  );
  try {
    const run = await ended(
      project.start(["run"], {
        SLACK_WEBHOOK_URL: `${service.url}/slack`,
        WEBHOOK_URL: `${service.url}/own`,
        HOOK_SECRET: "a-long-secret",
        NTFY_URL: `${service.url}/topic`,
      }),
    );
    assert.is(run.code, 3, run.all);
    const of = (path: string) => service.heard.filter((each) => each.path === path);
    const slackTexts = of("/slack").map(({ body }) => JSON.parse(body.toString()).text);
    assert.match(slackTexts.at(-1), /^brew: complete/);

    for (const { headers, body } of of("/own")) {
      const signature = createHmac("sha256", "a-long-secret").update(body).digest("hex");
      assert.is(headers["x-labwright-signature"], `sha256=${signature}`);
    }
    const told = of("/own").map(({ body }) => JSON.parse(body.toString()));
    assert.is(told[0].occasion, "start");
    const arms = told.filter(({ occasion }) => occasion === "arm");
    assert.ok(
      arms.every(({ failures }) => failures.length === 0),
      "failures of other arms are not told as an arm's",
    );
    const armLines = arms.flatMap(({ lines }) => lines);
    assert.equal(armLines.toSorted(), ["brew: minutes=1, 15 trials", "brew: minutes=3, 15 trials, 5 failed"]);
    const end = told.at(-1);
    assert.equal(end.trials, { done: 30, total: 30, unmeasured: 5, failed: 5 });
    assert.is(end.metrics.length, 2);
    assert.is(Buffer.from(end.chart.png, "base64").readUInt32BE(0), 0x89504e47);

    const [message, picture] = of("/topic");
    assert.is(
      Buffer.from(String(message!.headers.title).slice(10, -2), "base64").toString().slice(0, 14),
      "brew: complete",
    );
    assert.match(message!.body.toString(), /minutes = 3/);
    assert.is(picture!.body.readUInt32BE(0), 0x89504e47);
  } finally {
    await service.close();
    project.remove();
  }
});

test("a service that is dead, refuses or is not set harms no run: one warning each, the same exit code", async () => {
  const service = await serviceOf({ "/gone": [{ status: 404, body: '{"message": "Unknown Webhook"}' }] });
  const project = projectTold('discord(), slack(), webhook({ on: ["finish"] })');
  try {
    const run = await ended(
      project.start(["run", "--filter", "minutes=1"], {
        DISCORD_WEBHOOK_URL: `${service.url}/gone`,
        WEBHOOK_URL: "ftp://example.org/x",
      }),
    );
    assert.is(run.code, 0, run.all);
    assert.match(
      run.stderr,
      /warning: discord: "brew: complete.*" was not delivered: 127\.0\.0\.1:\d+ says 404: .*Unknown Webhook/,
    );
    assert.match(run.stderr, /warning: slack: .* the environment variable SLACK_WEBHOOK_URL is not set/);
    assert.match(run.stderr, /warning: webhook: .* WEBHOOK_URL holds no address/);
    assert.is(service.heard.length, 1, "what is refused for good is not sent again");

    const again = project.lab("run", "--filter", "minutes=1");
    assert.is(again.code, 0, again.all);
    assert.not.match(again.stderr, "delivered", again.all);
  } finally {
    await service.close();
    project.remove();
  }
});

/** The least of a mail server (RFC 5321): what it was handed. */
async function mailServer(): Promise<{ readonly port: number; readonly mails: string[]; close(): void }> {
  const mails: string[] = [];
  const server = createNetServer((socket) => {
    let inData = false;
    let text = "";
    socket.write("220 test\r\n");
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes.toString();
      if (inData) {
        if (!text.endsWith("\r\n.\r\n")) return;
        mails.push(text);
        [text, inData] = ["", false];
        socket.write("250 kept\r\n");
        return;
      }
      for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        inData = line === "DATA";
        socket.write(inData ? "354 go on\r\n" : line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, mails, close: () => void server.close() };
}

test("mail arrives with the chart attached, and `lab notify` says who is told and tries each", async () => {
  const mail = await mailServer();
  const project = projectTold('email({ on: ["finish"] }), discord()');
  const environment = { SMTP_URL: `smtp://127.0.0.1:${mail.port}`, MAIL_TO: "a@example.org" };
  try {
    const run = await ended(project.start(["run", "--filter", "minutes=1"], environment));
    assert.is(run.code, 0, run.all);
    assert.match(mail.mails[0]!, /^Subject: brew: complete, 15 trials/m);
    assert.match(mail.mails[0]!, /filename=chart\.png/);

    const said = await ended(project.start(["notify"], environment));
    assert.is(said.code, 2, said.all);
    assert.match(said.stdout, /^email {4}on finish: ready$/m);
    assert.match(said.stdout, /^discord {2}on .*: not set: DISCORD_WEBHOOK_URL$/m);
    const tried = await ended(project.start(["notify", "--test", "--json", "email"], environment));
    assert.is(tried.code, 0, tried.all);
    assert.is(JSON.parse(tried.stdout)[0].test, "sent");
    assert.match(mail.mails[1]!, /^Subject: .*a test of notifications/m);
    const wrong = await ended(project.start(["notify", "emial"], environment));
    assert.is(wrong.code, 2);
    assert.match(wrong.stderr, /no notifier "emial"[\s\S]*email/);
  } finally {
    mail.close();
    project.remove();
  }
});

test("a configuration that names no notifier is told where and what", () => {
  const project = projectTold("discord");
  try {
    const run = project.lab("run");
    assert.is(run.code, 2, run.all);
    assert.match(
      run.stderr,
      /`notify\[0\]` of lab\.config\.ts is a function; expected a notifier\.\s+.*discord\(\)/,
    );
  } finally {
    project.remove();
  }
});

test.run();
