// `labwright/llm`: performers of calls to language models, for `lab.config.ts`.
export { type ChatOptions, chat } from "./llm/chat.ts";
export type { ChatAnswer, ChatMessage, ChatRequest } from "./llm/chat-format.ts";
