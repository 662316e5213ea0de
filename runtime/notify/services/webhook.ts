// A web address of the user's own: the notification as JSON, signed where a secret is given, the chart in base64.
import { createHmac } from "node:crypto";
import type { Notification } from "../notification.ts";
import { addressIn, type Notifier, type NotifierOptions, notifierOf, variable } from "../notifier.ts";
import { post } from "../post.ts";

export interface WebhookOptions extends NotifierOptions {
  /** Name of the environment variable that holds the address; WEBHOOK_URL unless told. */
  readonly urlFrom?: string;
  /** Name of the environment variable that holds the secret of the signature; nothing is signed unless told. */
  readonly secretFrom?: string;
}

/**
 * Posts each notification as JSON. With a secret the header `x-labwright-signature` is `sha256=` and the HMAC-SHA-256 of the body in hex.
 *
 * @example
 * export default defineConfig({ notify: [webhook({ urlFrom: "HOOK_URL", secretFrom: "HOOK_SECRET", on: ["arm", "finish"] })] });
 */
export function webhook(options: WebhookOptions = {}): Notifier {
  const { urlFrom = "WEBHOOK_URL", secretFrom } = options;
  return notifierOf({
    name: "webhook",
    options,
    variables: [urlFrom, ...(secretFrom === undefined ? [] : [secretFrom])],
    send(told, { signal, environment }) {
      const body = JSON.stringify(webhookMessage(told));
      const headers: Record<string, string> = { "content-type": "application/json" };
      if (secretFrom !== undefined) {
        const secret = variable(environment, secretFrom);
        headers["x-labwright-signature"] =
          `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      }
      return post(addressIn(environment, urlFrom), { headers, body }, signal);
    },
  });
}

function webhookMessage({ chart, ...told }: Notification): Readonly<Record<string, unknown>> {
  const png = chart === null ? null : Buffer.from(chart.png).toString("base64");
  return { format: "labwright.notification/1", ...told, chart: chart && { title: chart.title, png } };
}
