// A language model of half a megabyte, written from a seed: the architecture of llama with random weights, in the file format of llama.cpp (GGUF
// version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), with a real vocabulary and chat template. What it writes is noise.
import { createHash } from "node:crypto";

const size = { width: 64, layers: 2, heads: 4, hidden: 128, context: 8192 };

/** Words that are one token; so are their beginnings, since tokens are merged pair by pair. */
const words = "▁the ▁and ▁you ▁player ▁points ▁round ▁move ▁first ▁second ▁Game reasoning action notes".split(
  " ",
);

const template =
  "{{ bos_token }}{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}{{ eos_token }}\n{% endfor %}" +
  "{% if add_generation_prompt %}<|assistant|>\n{% endif %}";

/** Codes of the types that values of the head have. */
const codes = { uint32: 4, int32: 5, float32: 6, boolean: 7, text: 8, list: 9 };
const alignment = 32;

/** The file. */
export function tinyLlama(seed) {
  const tokens = vocabulary();
  const tensors = tensorsOf(tokens.length);
  const head = [Buffer.from("GGUF"), uint32(3), uint64(tensors.length)];
  const facts = factsOf(tokens);
  head.push(uint64(facts.length));
  for (const [name, type, value] of facts) head.push(text(name), uint32(codes[type]), written(type, value));
  let offset = 0;
  const bodies = [];
  for (const { name, dims } of tensors) {
    const body = weights(`${seed}/${name}`, dims);
    head.push(text(name), uint32(dims.length), ...dims.map(uint64), uint32(0), uint64(offset));
    bodies.push(padded(body));
    offset += bodies.at(-1).length;
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...bodies]);
}

/** Text, score and kind of each token: 1 normal, 2 unknown, 3 control, 6 a byte. The higher score is merged first. */
function vocabulary() {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const letters = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at).replace(" ", "▁"));
  const merged = words.flatMap((word) => [...word].slice(1).map((_, at) => word.slice(0, at + 2)));
  const control = [
    ["<unk>", 0, 2],
    ["<s>", 0, 3],
    ["</s>", 0, 3],
  ];
  const rest = [...new Set(merged)].map((part, at) => [part, -1 - at, 1]);
  return [
    ...control,
    ...bytes.map((byte) => [byte, 0, 6]),
    ...rest,
    ...letters.map((letter) => [letter, -1000, 1]),
  ];
}

function factsOf(tokens) {
  const { width, layers, heads, hidden, context } = size;
  return [
    ["general.architecture", "text", "llama"],
    ["general.name", "text", "tiny-llama"],
    ["general.alignment", "uint32", alignment],
    ["llama.context_length", "uint32", context],
    ["llama.embedding_length", "uint32", width],
    ["llama.block_count", "uint32", layers],
    ["llama.feed_forward_length", "uint32", hidden],
    ["llama.attention.head_count", "uint32", heads],
    ["llama.attention.head_count_kv", "uint32", heads],
    ["llama.attention.layer_norm_rms_epsilon", "float32", 1e-5],
    ["llama.rope.dimension_count", "uint32", width / heads],
    ["llama.vocab_size", "uint32", tokens.length],
    ["tokenizer.ggml.model", "text", "llama"],
    ["tokenizer.ggml.tokens", "list", ["text", tokens.map(([token]) => token)]],
    ["tokenizer.ggml.scores", "list", ["float32", tokens.map(([, score]) => score)]],
    ["tokenizer.ggml.token_type", "list", ["int32", tokens.map(([, , kind]) => kind)]],
    ["tokenizer.ggml.unknown_token_id", "uint32", 0],
    ["tokenizer.ggml.bos_token_id", "uint32", 1],
    ["tokenizer.ggml.eos_token_id", "uint32", 2],
    ["tokenizer.ggml.add_bos_token", "boolean", true],
    ["tokenizer.chat_template", "text", template],
  ];
}

function tensorsOf(tokens) {
  const { width, hidden, layers } = size;
  const layer = (at) => [
    { name: `blk.${at}.attn_norm.weight`, dims: [width] },
    ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name) => ({
      name: `blk.${at}.${name}.weight`,
      dims: [width, width],
    })),
    { name: `blk.${at}.ffn_norm.weight`, dims: [width] },
    { name: `blk.${at}.ffn_gate.weight`, dims: [width, hidden] },
    { name: `blk.${at}.ffn_up.weight`, dims: [width, hidden] },
    { name: `blk.${at}.ffn_down.weight`, dims: [hidden, width] },
  ];
  return [
    { name: "token_embd.weight", dims: [width, tokens] },
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
    { name: "output_norm.weight", dims: [width] },
    { name: "output.weight", dims: [width, tokens] },
  ];
}

/** Norms are ones; all else is uniform within a fifth of one, from a hash of the name. */
function weights(name, dims) {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (dims.length === 1) return Buffer.from(new Float32Array(count).fill(1).buffer);
  const draws = createHash("shake256", { outputLength: 4 * count })
    .update(name)
    .digest();
  const values = Float32Array.from(
    { length: count },
    (_, at) => 0.4 * (draws.readUInt32LE(4 * at) / 2 ** 32 - 0.5),
  );
  return Buffer.from(values.buffer);
}

function written(type, value) {
  switch (type) {
    case "uint32":
      return uint32(value);
    case "int32": {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(value);
      return bytes;
    }
    case "float32": {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value);
      return bytes;
    }
    case "boolean":
      return Buffer.from([value ? 1 : 0]);
    case "text":
      return text(value);
    default: {
      const [each, values] = value;
      return Buffer.concat([
        uint32(codes[each]),
        uint64(values.length),
        ...values.map((one) => written(each, one)),
      ]);
    }
  }
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)]);
}
