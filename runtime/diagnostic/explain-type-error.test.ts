import { test } from "uvu";
import * as assert from "uvu/assert";
import { explainTypeError } from "./explain-type-error.ts";

const hintOf = (message: string): string | null => explainTypeError(message).hint;

test("a misspelt name gets the nearest of the union", () => {
  assert.is(
    hintOf(`Argument of type '"scoer"' is not assignable to parameter of type '"score" | "steps"'`),
    'Did you mean "score"?',
  );
  assert.is(hintOf(`Type '"memory"' is not assignable to type '"size"'`), 'Only "size" is possible here.');
  assert.is(hintOf(`Type '3' is not assignable to type '1 | 2'`), "Possible are 1 and 2.");
});

test("a member that is not there gets the nearest that is", () => {
  assert.is(
    hintOf("Property 'sise' does not exist on type '{ readonly size: 1 | 2; }'"),
    'Did you mean "size"?',
  );
  assert.is(
    hintOf(
      "Property 'xyz' does not exist on type '{ readonly size: { deep: 1 }; cost?: () => { other: 1 }; }'",
    ),
    'There are "size" and "cost".',
  );
});

test("TypeScript's own suggestion becomes the hint, and leaves the sentence", () => {
  assert.equal(
    explainTypeError(`Type '"prize"' is not assignable to type '"price"'. Did you mean '"price"'?`),
    {
      text: `Type '"prize"' is not assignable to type '"price"'`,
      hint: 'Did you mean "price"?',
    },
  );
  assert.is(
    explainTypeError("Cannot find name 'sweeep'. Did you mean 'sweep'?").hint,
    'Did you mean "sweep"?',
  );
});

test("long types are cut, and other messages are left as they are", () => {
  const { text, hint } = explainTypeError(`Type '${"x".repeat(200)}' is not assignable to type 'string'`);
  assert.ok(text.length < 110);
  assert.is(hint, null);
  assert.equal(explainTypeError("';' expected."), { text: "';' expected.", hint: null });
});

test.run();
