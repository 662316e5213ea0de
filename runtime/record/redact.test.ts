// Secrets leave no trace in stored text; ordinary text stays as it is.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { redactorOf } from "./redact.ts";

test("values of variables that look like keys are taken out, longest first", () => {
  const redact = redactorOf({
    OPENAI_API_KEY: "abc-123-def",
    DB_PASSWORD: "abc-123-def-longer",
    HOME: "/home/ann",
    PWD: "/home/ann/project",
  });
  assert.is(
    redact("a abc-123-def b abc-123-def-longer c /home/ann/project"),
    "a [redacted] b [redacted] c /home/ann/project",
  );
});

test("short values and names without a secret in them are left alone", () => {
  const redact = redactorOf({
    MY_TOKEN: "yes",
    MONKEY: "banana-split",
    KEYBOARD: "qwertz-layout",
    EMPTY_KEY: "",
    GONE_KEY: undefined,
  });
  assert.is(redact("yes banana-split qwertz-layout"), "yes banana-split qwertz-layout");
});

test("tokens give themselves away by their shape", () => {
  const redact = redactorOf({});
  for (const secret of [
    "sk-proj-abcdefghijklmnopqrstu",
    "ghp_abcdefghijklmnopqrstuvwxyz0123",
    "hf_abcdefghijklmnopqrstuv",
    "AKIAABCDEFGHIJKLMNOP",
    "xoxb-123456789012-abc",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123",
  ])
    assert.is(redact(`x ${secret} y`), "x [redacted] y", secret);
  assert.is(redact("Authorization: Bearer abcdefghijklmnop123"), "Authorization: Bearer [redacted]");
  assert.is(redact("postgres://ann:geheim@db/x"), "postgres://ann:[redacted]@db/x");
  assert.is(
    redact("risk-adjusted task-oriented https://example.org/a:b"),
    "risk-adjusted task-oriented https://example.org/a:b",
  );
});

/** Line to what is left of it. */
const assignments: readonly (readonly [string, string])[] = [
  ["+DB_PASSWORD=hunter2-hunter2", "+DB_PASSWORD=[redacted]"],
  ["-  password = hunter2", "-  password = [redacted]"],
  ["aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = [redacted]"],
  ["+export STRIPE_TOKEN=rk-1234", "+export STRIPE_TOKEN=[redacted]"],
  ["+  apiKey: 'abc def',", "+  apiKey: [redacted],"],
  ['+{ "client_secret": "a\\"b", "port": 1 }', '+{ "client_secret": [redacted], "port": 1 }'],
  ["+const dbPassword = `geheim`;", "+const dbPassword = [redacted];"],
  ["+password: !vault", "+password: [redacted]"],
  ["+:private_key => 'x'", "+:private_key => [redacted]"],
  ["+connect(password='x', port=1)", "+connect(password=[redacted], port=1)"],
  ["PASSWORD=a\r", "PASSWORD=[redacted]\r"],
];
for (const [line, kept] of assignments)
  test(`what is assigned to a secret's name is taken out: ${JSON.stringify(line)}`, () => {
    assert.is(redactorOf({})(`before\n${line}\nafter`), `before\n${kept}\nafter`);
  });

test("code that only names such things stays", () => {
  for (const line of [
    "+  password: string;",
    "+  password: string",
    "+  readonly token: string | null;",
    "+const token = tokens[index];",
    "+max_tokens: 4096",
    "+  tokenizer: 'bpe',",
    "+if (token === 'end') stop();",
    "+author = Ann",
    "+const secret = await secretOf(name);",
    "+passes = 3",
    "+keyboard = qwertz",
  ])
    assert.is(redactorOf({})(line), line);
});

test("a long line costs no more than its length", () => {
  const started = performance.now();
  redactorOf({})(`${"a.-".repeat(100_000)}\n${"password".repeat(50_000)}`);
  assert.ok(performance.now() - started < 5_000, `${performance.now() - started} ms`);
});

test.run();
