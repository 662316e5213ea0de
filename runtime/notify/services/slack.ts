// Slack: blocks through an incoming webhook. Such a webhook takes no files, so a chart stays where the report is.
// Limits: docs.slack.dev, block kit reference (header 150, section text 3,000 characters, 50 blocks), read November 2026.
import { cutTo, failureLine, metricLine, type Notification } from "../notification.ts";
import { addressIn, type Notifier, type NotifierOptions, notifierOf } from "../notifier.ts";
import { post } from "../post.ts";
import { linesWithin } from "./discord.ts";

export interface SlackOptions extends NotifierOptions {
  /** Name of the environment variable that holds the webhook's address; SLACK_WEBHOOK_URL unless told. */
  readonly urlFrom?: string;
}

/** Tells a Slack channel. @example export default defineConfig({ notify: [slack()] }); */
export function slack(options: SlackOptions = {}): Notifier {
  const { urlFrom = "SLACK_WEBHOOK_URL" } = options;
  return notifierOf({
    name: "slack",
    options,
    variables: [urlFrom],
    send: (told, { signal, environment }) =>
      post(
        addressIn(environment, urlFrom),
        { headers: { "content-type": "application/json" }, body: JSON.stringify(slackMessage(told)) },
        signal,
      ),
  });
}

/** The message as Slack takes it; `text` is what a notification on a telephone shows. */
export function slackMessage(told: Notification): Readonly<Record<string, unknown>> {
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["", told.lines],
    ["Primary metric", told.metrics.map(metricLine)],
    ["Findings", told.findings],
    ["Without a measurement", told.failures.map(failureLine)],
    ["Files", told.links.map(({ label, path }) => `${label}: ${path}`)],
  ];
  const sections = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => {
      const heading = title === "" ? "" : `*${title}*\n`;
      return {
        type: "section",
        text: { type: "mrkdwn", text: heading + linesWithin(lines.map(plain), 2900) },
      };
    });
  const footer = plain(`run ${told.run.id} · ${told.run.project} on ${told.run.machine}`);
  return {
    text: plain(told.title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cutTo(told.title, 150) } },
      ...sections,
      { type: "context", elements: [{ type: "mrkdwn", text: cutTo(footer, 2000) }] },
    ],
  };
}

/** Text in which Slack sees no mention, link or channel. */
function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
