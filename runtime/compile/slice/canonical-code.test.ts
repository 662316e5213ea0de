// Equal meaning gives equal text, another meaning another text.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canonicalCode } from "./canonical-code.ts";

const same: readonly (readonly [string, string])[] = [
  ["function f(a: number): number { return a + 1 }", "function f(b) {\n  // one more\n  return (b + 1);\n}"],
  ["const f = ({ price }) => ({ price })", "const f = ({ price: p }) => ({ price: p })"],
  [
    "function f(xs) { for (const x of xs) { const e = x; use(e); } }",
    "function f(s) { for (const e of s) { const x = e; use(x); } }",
  ],
  [
    "function f() { try { g() } catch (error) { return error } }",
    "function f() { try { g() } catch (e) { return e } }",
  ],
  ["const f = (a, b = a) => [a, b]", "const f = (first, second = first) => [first, second]"],
  ["class A { run(value) { return this.k + value } }", "class A { run(v) { return this.k + v } }"],
];

const different: readonly (readonly [string, string])[] = [
  ["function f(a, b) { return a - b }", "function f(a, b) { return b - a }"],
  ["const f = ({ price }) => price", "const f = ({ cost }) => cost"],
  ["function f(a) { return a.size }", "function f(a) { return a.length }"],
  ["function f(a) { return g(a) }", "function f(g) { return g(g) }"],
  ["function f(a) { return { a } }", "function f(a) { return { b: a } }"],
  ['const f = () => "a b"', 'const f = () => "ab"'],
  [
    "function f() { const a = 1; { const b = 2; return a } }",
    "function f() { const a = 1; { const b = 2; return b } }",
  ],
];

test("names of locals, comments, types and formatting leave no trace", async () => {
  for (const [one, other] of same) {
    assert.is(await canonicalCode(one, "declaration"), await canonicalCode(other, "declaration"), one);
    assert.is(await canonicalCode(one, "module"), await canonicalCode(other, "module"), one);
  }
});

test("whatever changes the meaning changes the text", async () => {
  for (const [one, other] of different) {
    assert.is.not(await canonicalCode(one, "declaration"), await canonicalCode(other, "declaration"), one);
    assert.is.not(await canonicalCode(one, "module"), await canonicalCode(other, "module"), one);
  }
});

test("a declaration keeps its own name and a module does not", async () => {
  const [one, other] = [
    "const first = 1; export { first as stage }",
    "const second = 1; export { second as stage }",
  ];
  assert.is(await canonicalCode(one, "module"), await canonicalCode(other, "module"));
  assert.is.not(await canonicalCode(one, "declaration"), await canonicalCode(other, "declaration"));
});

test("code that does not parse is refused", async () => {
  try {
    await canonicalCode("const = 1", "module");
    assert.unreachable("accepted");
  } catch (error) {
    assert.match((error as Error).message, "Transform failed");
  }
});

test.run();
