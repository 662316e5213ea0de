// E-mail over SMTP by nodemailer: plain text, the chart attached.
import { plainTextOf } from "../notification.ts";
import { type Notifier, type NotifierOptions, notifierOf, variable } from "../notifier.ts";

export interface EmailOptions extends NotifierOptions {
  /** Name of the environment variable that holds who gets it, separated by commas; MAIL_TO unless told. */
  readonly toFrom?: string;
  /** Name of the environment variable that holds the server: smtps://user:password@mail.example.org; SMTP_URL unless told. */
  readonly serverFrom?: string;
  /** Name of the environment variable that holds the sender; MAIL_FROM unless told, and the first receiver where that is not set. */
  readonly senderFrom?: string;
}

/** Answers of a mail server of this class will be the same next time (RFC 5321, 4.2.1). */
const permanent = 500;

/** Tells people by mail. @example export default defineConfig({ notify: [email({ on: ["finish"] })] }); */
export function email(options: EmailOptions = {}): Notifier {
  const { toFrom = "MAIL_TO", serverFrom = "SMTP_URL", senderFrom = "MAIL_FROM" } = options;
  return notifierOf({
    name: "email",
    options,
    variables: [toFrom, serverFrom],
    async send(told, { environment }) {
      const to = variable(environment, toFrom);
      const server = variable(environment, serverFrom);
      const sender = environment[senderFrom];
      const { createTransport } = await import("nodemailer");
      const transport = createTransport(server);
      try {
        await transport.sendMail({
          to,
          from: sender === undefined || sender === "" ? to.split(",")[0] : sender,
          subject: told.title,
          text: plainTextOf(told),
          attachments:
            told.chart === null
              ? []
              : [{ filename: "chart.png", content: Buffer.from(told.chart.png), contentType: "image/png" }],
        });
        return "sent";
      } catch (error) {
        const { responseCode } = error as { readonly responseCode?: number };
        const words = error instanceof Error ? error.message : String(error);
        return responseCode !== undefined && responseCode >= permanent
          ? { failed: words }
          : { again: words, waitMs: null };
      } finally {
        transport.close();
      }
    },
  });
}
