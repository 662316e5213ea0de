// Discord: one embed through a webhook, within Discord's limits, the chart attached to it.
// Limits: discord.com/developers/docs/resources/message (embed limits) and /webhook (execute webhook), read November 2026.
import { cutTo, failureLine, metricLine, type Notification } from "../notification.ts";
import { addressIn, type Notifier, type NotifierOptions, notifierOf } from "../notifier.ts";
import { post } from "../post.ts";

export interface DiscordOptions extends NotifierOptions {
  /** Name of the environment variable that holds the webhook's address; DISCORD_WEBHOOK_URL unless told. */
  readonly urlFrom?: string;
}

const most = { title: 256, description: 4096, name: 256, value: 1024, footer: 2048, all: 6000 } as const;
const colours = { info: 0x3b6ea5, success: 0x2e7d4f, warning: 0xb7791f, failure: 0xb3261e } as const;

/**
 * Tells a Discord channel.
 *
 * @example
 * export default defineConfig({ notify: [discord({ on: ["finish", "failures"] })] });
 */
export function discord(options: DiscordOptions = {}): Notifier {
  const { urlFrom = "DISCORD_WEBHOOK_URL" } = options;
  return notifierOf({
    name: "discord",
    options,
    variables: [urlFrom],
    send(told, { signal, environment }) {
      const address = addressIn(environment, urlFrom);
      const payload = JSON.stringify(discordMessage(told));
      if (told.chart === null)
        return post(address, { headers: { "content-type": "application/json" }, body: payload }, signal);
      const form = new FormData();
      form.set("payload_json", payload);
      form.set("files[0]", new Blob([told.chart.png], { type: "image/png" }), "chart.png");
      return post(address, { body: form }, signal);
    },
  });
}

interface Field {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

/** The message as Discord takes it: at most 6,000 characters over the whole embed, whatever a run has to say. */
export function discordMessage(told: Notification): Readonly<Record<string, unknown>> {
  const title = cutTo(told.title, most.title);
  const footer = cutTo(`run ${told.run.id} · ${told.run.project} on ${told.run.machine}`, most.footer);
  let left = most.all - title.length - footer.length;
  const description = cutTo(told.lines.join("\n"), Math.min(most.description, left / 3));
  left -= description.length;
  const fields: Field[] = [];
  for (const { name, lines } of fieldsOf(told)) {
    const room = Math.min(most.value, left - name.length);
    if (room < 40) break;
    const value = linesWithin(lines, room);
    left -= name.length + value.length;
    fields.push({ name: cutTo(name, most.name), value, inline: false });
  }
  return {
    // Nothing in a run's texts may call people or roles.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title,
        ...(description === "" ? {} : { description }),
        color: colours[told.level],
        fields,
        footer: { text: footer },
        ...(told.chart === null ? {} : { image: { url: "attachment://chart.png" } }),
      },
    ],
  };
}

function fieldsOf(
  told: Notification,
): readonly { readonly name: string; readonly lines: readonly string[] }[] {
  return [
    { name: "Primary metric", lines: told.metrics.map(metricLine) },
    { name: "Findings", lines: told.findings },
    { name: "Without a measurement", lines: told.failures.map(failureLine) },
    { name: "Files", lines: told.links.map(({ label, path }) => `${label}: ${path}`) },
  ]
    .map(({ name, lines }) => ({ name, lines: lines.filter((line) => line.trim() !== "") }))
    .filter(({ lines }) => lines.length > 0);
}

/** As many whole lines as fit, and how many do not. */
export function linesWithin(lines: readonly string[], most: number): string {
  const whole = lines.join("\n");
  if (whole.length <= most) return whole;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const rest = `… and ${lines.length - kept.length} more`;
    if (length + line.length + 1 + rest.length > most) break;
    kept.push(line);
    length += line.length + 1;
  }
  if (kept.length === 0) return cutTo(lines[0] ?? "", most);
  return [...kept, `… and ${lines.length - kept.length} more`].join("\n");
}
