// An endpoint that speaks OpenAI's chat format over llama.cpp (node-llama-cpp): its tokenizer, its sampler, its grammars. One request at a time, each
// from an empty context, its random numbers from the request's seed: an answer is a function of the request.
import { createServer } from "node:http";

/** Where a schema leaves the length of a text open: random weights would go on to the limit of tokens. */
const textMax = 24;

/** Starts it on the loopback interface, for the model of a file. `engine` is the module node-llama-cpp. */
export async function startLlama(engine, { file, name }) {
  const llama = await engine.getLlama({ build: "never", gpu: false });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: 8192, threads: 1 });
  const sequence = context.getSequence();
  const chat = new engine.LlamaChat({ contextSequence: sequence });
  const grammars = new Map();
  const exchanges = [];

  async function grammarOf(format) {
    if (format?.type !== "json_schema") return undefined;
    const schema = JSON.stringify(bounded(format.json_schema.schema));
    if (!grammars.has(schema)) grammars.set(schema, llama.createGrammarForJsonSchema(JSON.parse(schema)));
    return grammars.get(schema);
  }

  async function answered(body) {
    const history = historyOf(body.messages);
    const grammar = await grammarOf(body.response_format);
    await sequence.clearHistory();
    const promptTokens = tokensOf(history);
    let completionTokens = 0;
    const { response, metadata } = await chat.generateResponse(history, {
      ...(grammar === undefined ? {} : { grammar }),
      temperature: body.temperature ?? 1,
      seed: body.seed ?? 0,
      onToken: (tokens) => {
        completionTokens += tokens.length;
      },
      maxTokens: body.max_tokens ?? 1024,
    });
    exchanges.push({ text: response, promptTokens, completionTokens });
    return {
      id: `chatcmpl-${exchanges.length}`,
      object: "chat.completion",
      model: name,
      choices: [
        {
          index: 0,
          finish_reason: metadata.stopReason === "maxTokens" ? "length" : "stop",
          message: { role: "assistant", content: response, refusal: null },
        },
      ],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
      },
    };
  }

  /** Tokens of the conversation as the model's own template writes it, by its tokenizer. */
  function tokensOf(chatHistory) {
    const { contextText } = chat.chatWrapper.generateContextState({ chatHistory });
    return contextText.tokenize(model.tokenizer).length;
  }

  let last = Promise.resolve();
  const server = createServer(async (incoming, response) => {
    const told = (status, value) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (incoming.url === "/v1/models")
      return told(200, { object: "list", data: [{ id: name, object: "model" }] });
    if (incoming.url !== "/v1/chat/completions") return told(404, { error: { message: "not found" } });
    let text = "";
    for await (const bytes of incoming) text += bytes;
    const turn = last.then(() => answered(JSON.parse(text)));
    last = turn.catch(() => undefined);
    await turn.then(
      (value) => told(200, value),
      (error) => told(500, { error: { message: String(error) } }),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${server.address().port}/v1`,
    exchanges,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await llama.dispose();
    },
  };
}

function historyOf(messages) {
  const said = messages.map(({ role, content }) =>
    role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content },
  );
  return [...said, { type: "model", response: [] }];
}

/** The schema with an end to every text. */
function bounded(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(bounded);
  const { $schema: _, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, bounded(part)]));
  const isOpen = rest.type === "string" && rest.enum === undefined && rest.maxLength === undefined;
  return isOpen ? { ...inner, maxLength: textMax } : inner;
}
