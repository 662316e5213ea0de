// `labwright/notify`: who is told of a run's start, end and troubles, for `lab.config.ts`.
export type { Notification, Occasion, ToldMetric } from "./notify/notification.ts";
export { type Notifier, type NotifierOptions, notifierOf, type Send, type Sent } from "./notify/notifier.ts";
export { desktop } from "./notify/services/desktop.ts";
export { type DiscordOptions, discord } from "./notify/services/discord.ts";
export { type EmailOptions, email } from "./notify/services/email.ts";
export { type NtfyOptions, ntfy } from "./notify/services/ntfy.ts";
export { type SlackOptions, slack } from "./notify/services/slack.ts";
export { type WebhookOptions, webhook } from "./notify/services/webhook.ts";
