// ntfy: a push message to a telephone through ntfy.sh or a server of one's own; the chart comes as an attachment.
// docs.ntfy.sh/publish: values of headers in UTF-8 go encoded (RFC 2047); a message has at most 4,096 bytes.
import { type Notification, plainTextOf } from "../notification.ts";
import { addressIn, type Environment, type Notifier, type NotifierOptions, notifierOf } from "../notifier.ts";
import { post } from "../post.ts";

export interface NtfyOptions extends NotifierOptions {
  /** Name of the environment variable that holds the topic's address, such as https://ntfy.sh/my-topic; NTFY_URL unless told. */
  readonly urlFrom?: string;
  /** Name of the environment variable that holds an access token; NTFY_TOKEN unless told, and none is needed. */
  readonly tokenFrom?: string;
}

const messageBytes = 4000;
const priorities = { info: "2", success: "3", warning: "4", failure: "4" } as const;
const tags = { info: "hourglass", success: "white_check_mark", warning: "warning", failure: "x" } as const;

/** Tells a topic of ntfy. @example export default defineConfig({ notify: [ntfy({ on: ["finish", "stalled"] })] }); */
export function ntfy(options: NtfyOptions = {}): Notifier {
  const { urlFrom = "NTFY_URL", tokenFrom = "NTFY_TOKEN" } = options;
  return notifierOf({
    name: "ntfy",
    options,
    variables: [urlFrom],
    async send(told, { signal, environment }) {
      const address = addressIn(environment, urlFrom);
      const headers = headersOf(told, environment, tokenFrom);
      const text = withinBytes(plainTextOf(told), messageBytes);
      const sent = await post(address, { headers, body: text }, signal);
      if (sent !== "sent" || told.chart === null) return sent;
      // A server may take no attachments: the message has arrived all the same.
      const named = { ...headers, Filename: "chart.png", Title: encoded(told.chart.title) };
      await post(address, { method: "PUT", headers: named, body: told.chart.png }, signal);
      return sent;
    },
  });
}

function headersOf(told: Notification, environment: Environment, tokenFrom: string): Record<string, string> {
  const token = environment[tokenFrom];
  return {
    Title: encoded(told.title),
    Priority: priorities[told.level],
    Tags: tags[told.level],
    ...(token === undefined || token === "" ? {} : { Authorization: `Bearer ${token}` }),
  };
}

function encoded(text: string): string {
  return `=?UTF-8?B?${Buffer.from(withinBytes(text, 200)).toString("base64")}?=`;
}

/** The longest beginning of a text that has at most so many bytes of UTF-8. */
function withinBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most - 3;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString("utf8", 0, end)}…`;
}
