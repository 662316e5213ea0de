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

test.run();
