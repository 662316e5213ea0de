// Laws of values on the wire: what a schema can hold comes back as it was sent; what it cannot is found before it is sent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceDefinition } from "@grpc/proto-loader";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { definitionsOf, readSchema, schemaOf } from "./schema.ts";
import { fromWire, misfitsOf, toWire } from "./values.ts";

const text = `syntax = "proto3";
package law;
import "parts/inner.proto";
import "google/protobuf/struct.proto";
service Echo { rpc Say(Whole) returns (Whole); }
message Whole {
  uint32 seed = 1;
  repeated double sizes = 2;
  map<string, int64> counts = 3;
  parts.Inner inner = 4;
  google.protobuf.Struct more = 5;
  Kind kind = 6;
  bool fast = 7;
  string words = 8;
  enum Kind { NONE = 0; ONE = 1; }
}
`;
const folder = mkdtempSync(join(tmpdir(), "labwright-law-"));
test.after(() => rmSync(folder, { recursive: true }));

async function echo() {
  mkdirSync(join(folder, "parts"), { recursive: true });
  writeFileSync(join(folder, "law.proto"), text);
  writeFileSync(
    join(folder, "parts/inner.proto"),
    'syntax = "proto3"; package parts; message Inner { int32 depth = 1; }',
  );
  const read = await readSchema(join(folder, "law.proto"), folder);
  const definitions = await definitionsOf(read);
  const schema = schemaOf(definitions);
  const method = (definitions["law.Echo"] as ServiceDefinition).Say!;
  const { input } = schema.services.get("law.Echo")!.get("Say")!;
  return { read, schema, input, method };
}

test("what fits a message comes back as it was sent", async () => {
  const { schema, input, method } = await echo();
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const whole = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    sizes: fc.array(number),
    counts: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
    inner: fc.record({ depth: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
    more: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 2 })),
    kind: fc.constantFrom("NONE", "ONE"),
    fast: fc.boolean(),
    words: fc.string({ unit: "grapheme" }),
  });
  fc.assert(
    fc.property(whole, (value) => {
      const sent: unknown = JSON.parse(JSON.stringify(value));
      assert.equal(misfitsOf(schema, input, sent), []);
      const bytes = method.requestSerialize(toWire(schema, input, sent));
      assert.equal(fromWire(schema, input, method.requestDeserialize(bytes)), sent);
    }),
    { numRuns: 200 },
  );
});

test("what does not fit is named by its path", async () => {
  const { schema, input } = await echo();
  const misfit = (value: unknown) => misfitsOf(schema, input, value)[0];
  assert.is(misfit({ seed: -1 })?.path, "seed");
  assert.is(misfit({ sizes: [1, "2"] })?.path, "sizes.1");
  assert.is(misfit({ counts: { a: 0.5 } })?.path, "counts.a");
  assert.equal(misfit({ inner: { dept: 1 } })?.candidates, ["depth"]);
  assert.match(misfit({ kind: "TWO" })?.expected ?? "", /NONE, ONE/);
  const all = misfitsOf(schema, input, { sizes: ["1", 2, "3"], inner: { dept: 1 }, kind: "ON" });
  assert.equal(
    all.map(({ path }) => path),
    ["sizes.0", "sizes.2", "inner.dept", "kind"],
  );
});

test("a comment changes the hash of the files and not what the schema says; a field changes both", async () => {
  const { read } = await echo();
  writeFileSync(join(folder, "law.proto"), `// Said.\n${text}`);
  const commented = await readSchema(join(folder, "law.proto"), folder);
  assert.is(commented.meaning, read.meaning);
  assert.is.not(commented.sha256, read.sha256);
  writeFileSync(join(folder, "law.proto"), text.replace("uint32 seed", "uint64 seed"));
  const changed = await readSchema(join(folder, "law.proto"), folder);
  assert.is.not(changed.meaning, read.meaning);
});

test("a whole number that a double does not hold to its last digit comes as text, which is no number of a metric", async () => {
  const { schema, input, method } = await echo();
  const read = (count: string): unknown => {
    const bytes = method.requestSerialize({ counts: { a: count } });
    return Reflect.get(Object(fromWire(schema, input, method.requestDeserialize(bytes))), "counts");
  };
  assert.equal(read(`${Number.MAX_SAFE_INTEGER}`), { a: Number.MAX_SAFE_INTEGER });
  assert.equal(read("9007199254740993"), { a: "a number beyond 2^53" });
  assert.equal(read("-9223372036854775808"), { a: "a number beyond 2^53" });
});

test("a schema that is cut off, and an import that is nowhere, are told in words", async () => {
  const wordsOf = async (schema: string): Promise<string> => {
    writeFileSync(join(folder, "bad.proto"), schema);
    return readSchema(join(folder, "bad.proto"), folder).then(
      () => "read",
      (error: unknown) => String(error),
    );
  };
  assert.match(await wordsOf('syntax = "proto3"; message A {'), /bad\.proto ends in the middle of a message/);
  assert.match(
    await wordsOf('syntax = "proto3"; import "none.proto";'),
    /imports "none\.proto", which is neither/,
  );
  assert.match(
    await wordsOf('syntax = "proto3"; mesage A {}'),
    /illegal token 'mesage' \(bad\.proto, line 1\)/,
  );
});

test.run();
