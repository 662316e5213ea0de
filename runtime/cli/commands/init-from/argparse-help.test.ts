// Promise: what argparse prints for --help is read whole, wrapped at 80 columns or not, as Python 3.11 and 3.13 print it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readArgparseHelp } from "./argparse-help.ts";
import { draftExperiment } from "./draft-experiment.ts";

/** As Python 3.11 prints it at 80 columns, with ArgumentDefaultsHelpFormatter. */
const wrapped = `usage: a.py [-h] [--seed SEED] [-r LEARNING_RATE]
            [--network-type {boolean,embedding}]
            [--layers LAYERS [LAYERS ...]] [--verbose] [--amp | --no-amp]
            --out OUT [--depth {2,4,8}]
            [--a-very-long-option-name-indeed A_VERY_LONG_OPTION_NAME_INDEED]
            data {fast,slow}

Trains: a thing (default: none).

positional arguments:
  data                  where the data is
  {fast,slow}

options:
  -h, --help            show this help message and exit
  --seed SEED           random seed (default: 0)
  -r LEARNING_RATE, --learning-rate LEARNING_RATE
                        step of the learner that goes on for a long while
                        until the line is wrapped by it (default: 0.001)
  --network-type {boolean,embedding}
                        x (default: boolean)
  --layers LAYERS [LAYERS ...]
  --verbose             say more (default: False)
  --amp, --no-amp       mixed (default: True)
  --out OUT
  --depth {2,4,8}       depth (default: None)

other:
  --a-very-long-option-name-indeed A_VERY_LONG_OPTION_NAME_INDEED
                        q (default: xs)
`;

function summaryOf(text: string): readonly string[] {
  return (readArgparseHelp(text) ?? []).map((one) =>
    [
      one.flag ?? `<${one.name}>`,
      one.takes,
      one.choices?.join("|") ?? "-",
      one.fallback ?? "-",
      one.isRequired,
    ].join(" "),
  );
}

test("options, choices, defaults, switches and positionals of a wrapped help", () => {
  assert.equal(summaryOf(wrapped), [
    "<data> one - - true",
    "<choice> one fast|slow - true",
    "--seed one - 0 false",
    "--learning-rate one - 0.001 false",
    "--network-type one boolean|embedding boolean false",
    "--layers several - - false",
    "--verbose nothing - False false",
    "--amp nothing - True false",
    "--out one - - true",
    "--depth one 2|4|8 - false",
    "--a-very-long-option-name-indeed one - xs false",
  ]);
});

test("the short form of Python 3.13, quoted defaults and defaults with parentheses", () => {
  const help = `usage: b.py [-h] [-r RATE] [--betas B] [--opt OPT]

options:
  -h, --help       show this help message and exit
  -r, --rate RATE  step (default 0.5)
  --betas B        pair (default: (0.9, 0.99))
  --opt OPT        method (default: 'adam')
`;
  assert.equal(summaryOf(help), [
    "--rate one - 0.5 false",
    "--betas one - (0.9, 0.99) false",
    "--opt one - adam false",
  ]);
});

test("click's choices, switches and required options", () => {
  const help = `Usage: c.py [OPTIONS]

Options:
  --count INTEGER      Number of greetings.  [default: 1]
  --name TEXT          The person to greet.  [required]
  --shout / --no-shout
  --mode [fast|slow]
  -v                   say more
  --help               Show this message and exit.
`;
  assert.equal(summaryOf(help), [
    "--count one - 1 false",
    "--name one - - true",
    "--shout nothing - - false",
    "--mode one fast|slow - false",
    "-v nothing - - false",
  ]);
});

test("a text that is no help of argparse has no arguments", () => {
  assert.is(readArgparseHelp("hello\n  --rate RATE  step\n"), null);
  assert.equal(
    readArgparseHelp("usage: c.py [-h]\n\noptions:\n  -h, --help  show this help message and exit\n"),
    [],
  );
});

test("the draft sweeps choices, fixes defaults, gives the seed and says what it leaves to the script", () => {
  const draft = draftExperiment("a.py", { arguments: readArgparseHelp(wrapped) ?? [], command: null });
  for (const part of [
    'networkType: sweep(["boolean", "embedding"])',
    "depth: sweep([2, 4, 8])",
    "learningRate: 0.001",
    'amp: "--amp"',
    '"--seed", trialSeed',
    '"--learning-rate", parameter("learningRate")',
    "--verbose (a switch)",
    "--layers (several values)",
    'out: "example-out", // Look here',
  ])
    assert.ok(draft.includes(part), `${part}\n${draft}`);
});

test("two positionals of choices get two names, and an integer beyond 2^53 stays as it is written", () => {
  const help = `usage: e.py [-h] [--big BIG] {a,b} {c,d}\n\npositional arguments:\n  {a,b}\n  {c,d}\n\noptions:\n  --big BIG  (default: 100000000000000000000000)\n`;
  const draft = draftExperiment("e.py", { arguments: readArgparseHelp(help) ?? [], command: null });
  for (const part of [
    'choice: sweep(["a", "b"])',
    'choice_2: sweep(["c", "d"])',
    'big: "100000000000000000000000"',
  ])
    assert.ok(draft.includes(part), `${part}\n${draft}`);
});

test("what a help says is never code: a name with quotes and a line separator stays in its comment or string", () => {
  const help = `usage: d.py [-h] [--x X]\n\noptions:\n  --x X  a\u2028process.exit() */ (default: "]); evil(")\n`;
  const draft = draftExperiment('d".py', { arguments: readArgparseHelp(help) ?? [], command: null });
  assert.ok(!draft.includes("\u2028"), draft);
  assert.ok(draft.includes('"d\\".py"'), draft);
});

test.run();
