// Trials whose code does what no author should: what they return or throw cannot be read, the language is patched under labwright's
// feet, the thread's parent is spoken to. Each must be one failed record with a sentence, and nothing else.
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

const fail = (): never => {
  throw new Error("touched");
};
const refusing = (): object => new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const withMember = (name: string, descriptor: PropertyDescriptor): Error =>
  Object.defineProperty(new Error("told"), name, descriptor);
const member = "then";
const withThen = (descriptor: PropertyDescriptor): object => Object.defineProperty({}, member, descriptor);
const thrown = (error: unknown) => (): never => {
  throw error;
};
const cyclic = (): object => {
  const circle: Record<string, unknown> = { y: 1 };
  circle.circle = circle;
  return circle;
};

type Way = (context: { record(series: "rows", row: never): void }) => unknown;

/** Ways to return or throw that cannot be read. */
export const misbehaviours: Readonly<Record<string, Way>> = {
  "getter throws": () => ({
    get y() {
      return fail();
    },
  }),
  "getter throws null": () => ({
    get y() {
      return thrown(null)();
    },
  }),
  "getter of another member throws": () => ({
    y: 1,
    get z() {
      return fail();
    },
  }),
  "proxy throws": refusing,
  "proxy without keys": () => new Proxy({ y: 1 }, { ownKeys: fail }),
  "revoked proxy": revoked,
  "kind throws": () => ({
    get kind() {
      return fail();
    },
  }),
  "then throws": () => withThen({ value: fail }),
  "then cannot be read": () => withThen({ get: fail }),
  "then gives a proxy": () => withThen({ value: (give: (value: unknown) => void) => give(refusing()) }),
  "then gives twice": () =>
    withThen({
      value(give: (value: unknown) => void, no: (error: unknown) => void) {
        no("first");
        give({ y: 1 });
      },
    }),
  "resolves with a getter": async () => ({
    get y() {
      return fail();
    },
  }),
  "metric is a symbol": () => ({ y: Symbol("y") }),
  "metric is a bigint": () => ({ y: 1n }),
  "metric has no text": () => ({ y: { toString: fail, valueOf: fail } }),
  "metric is a proxy": () => ({ y: refusing() }),
  "metric is a function": () => ({ y: fail }),
  "a number object": () => Object(1),
  "bound throws": () => ({
    kind: "labwright/censored",
    metric: "y",
    metrics: {},
    get bound() {
      return fail();
    },
  }),
  "bound is a text": () => ({ kind: "labwright/censored", metric: "y", metrics: {}, bound: "1" }),
  "censored without metrics": () => ({ kind: "labwright/censored", metric: "y", bound: 1 }),
  "censored metric is an object": () => ({
    kind: "labwright/censored",
    metric: { toString: fail },
    metrics: {},
    bound: 1,
  }),
  "reason is an object": () => ({ kind: "labwright/refused", reason: {} }),
  "reason throws": () => ({
    kind: "labwright/refused",
    get reason() {
      return fail();
    },
  }),
  "message is an object": thrown(withMember("message", { value: { a: 1 } })),
  "message is null": thrown(withMember("message", { value: null })),
  "message throws": thrown(withMember("message", { get: fail })),
  "stack throws": thrown(withMember("stack", { get: fail })),
  "stack is an object": thrown(withMember("stack", { value: {} })),
  "name throws": thrown(withMember("name", { get: fail })),
  "name is a symbol": thrown(withMember("name", { value: Symbol("n") })),
  "throws null": thrown(null),
  "throws undefined": thrown(undefined),
  "throws a symbol": thrown(Symbol("s")),
  "throws a proxy": thrown(refusing()),
  "throws a revoked proxy": thrown(revoked()),
  "throws an error behind a proxy": thrown(new Proxy(new Error("told"), { get: fail, getPrototypeOf: fail })),
  "throws what has no JSON": thrown({ toJSON: fail }),
  "throws what has no tag": thrown({
    toJSON: fail,
    get [Symbol.toStringTag]() {
      return fail();
    },
  }),
  "throws a circle": thrown(cyclic()),
  "rejects with a proxy": () => Promise.reject(refusing()),
  "throws 5,000,000 characters": () => thrown("x".repeat(5_000_000))(),
  "throws an error of 5,000,000 characters": () => thrown(new Error("x".repeat(5_000_000)))(),
  "records a getter": ({ record }) =>
    record("rows", {
      get x() {
        return fail();
      },
    } as never),
  "records a circle": ({ record }) => record("rows", { x: cyclic() } as never),
  "records a proxy": ({ record }) => record("rows", refusing() as never),
};

export const misbehaving = defineExperiment({
  name: "misbehaving",
  parameters: { way: sweep(Object.keys(misbehaviours)) },
  metrics: { y: metric.number() },
  series: { rows: z.object({ x: z.any() }) },
  trial: (context): never => misbehaviours[context.parameters.way]?.(context) as never,
});

const broken = (): never => {
  throw new TypeError("patched");
};
const patch = (holder: object, name: string, value: unknown = broken): void => {
  Object.defineProperty(holder, name, { value, configurable: true, writable: true });
};

/** What a trial may patch, for itself alone. */
const patches: Readonly<Record<string, () => void>> = {
  "JSON.stringify": () => patch(JSON, "stringify", () => "{}"),
  "Object.prototype.toJSON": () => patch(Object.prototype, "toJSON", () => "mine"),
  "Array.prototype.toJSON": () => patch(Array.prototype, "toJSON", () => "mine"),
  "Map.prototype.set": () => patch(Map.prototype, "set"),
  "Map.prototype.get": () => patch(Map.prototype, "get"),
  "Array.prototype.map": () => patch(Array.prototype, "map", () => []),
  "Array.prototype.push": () => patch(Array.prototype, "push", () => 0),
  "Float64Array.prototype.set": () => patch(Object.getPrototypeOf(Float64Array.prototype), "set"),
  "Uint8Array.prototype.subarray": () => patch(Object.getPrototypeOf(Uint8Array.prototype), "subarray"),
  "TextEncoder.prototype.encode": () => patch(TextEncoder.prototype, "encode", () => new Uint8Array(3)),
  "Object.keys": () => patch(Object, "keys", () => []),
  "globalThis.Map": () => patch(globalThis, "Map", Set),
  "Math.round": () => patch(Math, "round", () => Number.NaN),
};

export const patching = defineExperiment({
  name: "patching",
  parameters: { way: sweep(Object.keys(patches)) },
  replicates: replicate(4, { seed: 8 }),
  metrics: { y: metric.number() },
  series: { rows: z.object({ x: z.number(), note: z.string() }) },
  trial({ parameters, random, record }) {
    const y = random.float();
    record("rows", { x: y, note: parameters.way });
    patches[parameters.way]?.();
    return { y };
  },
});

/** Says something to the thread's parent, which is labwright's. */
export const speaking = defineExperiment({
  name: "speaking",
  parameters: { word: sweep(["null", "text", "object", "ready"]) },
  replicates: replicate(3, { seed: 8 }),
  metrics: { y: metric.number() },
  trial({ parameters, random }) {
    const words: Record<string, unknown> = {
      null: null,
      text: "hello",
      object: { type: "thread" },
      ready: { _ready: true },
    };
    parentPort?.postMessage(words[parameters.word]);
    return { y: random.float() };
  },
});

/** One trial in four waits for what will never come; one waits for what does, longer than it takes to notice. */
export const stuck = defineExperiment({
  name: "stuck",
  parameters: { way: sweep(["fine", "never", "late", "unseen"]) },
  metrics: { y: metric.number() },
  async trial({ parameters, random, restore }) {
    const ways: Record<string, () => Promise<unknown>> = {
      fine: async () => null,
      never: () => new Promise(() => undefined),
      late: () => new Promise((resolve) => setTimeout(resolve, 7000)),
      unseen: () => new Promise((resolve) => AbortSignal.timeout(7000).addEventListener("abort", resolve)),
    };
    await restore();
    await ways[parameters.way]?.();
    return { y: random.float() };
  },
});
