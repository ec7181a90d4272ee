import { createTransport } from "nodemailer";
import pRetry from "p-retry";
import type { PagesConfig } from "./config.ts";

/** A mail to a person, in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

const isTrue = (value: string | null): boolean => /^(1|t|true)$/i.test(value ?? "");

/** How to reach an SMTP server. */
export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** STARTTLS, and no mail without it. */
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
  readonly tls: { readonly rejectUnauthorized: boolean; readonly servername: string };
}

/** Reads the URL of an SMTP server in the same way as Kratos (1.3, courier/smtp.go), which sends its mail there too. */
export function smtpOptions(connection: string): SmtpOptions {
  const { protocol, hostname, port, username, password, searchParams } = new URL(connection);
  const secure = protocol === "smtps:";
  const ignoreTLS = !secure && isTrue(searchParams.get("disable_starttls"));
  return {
    host: hostname,
    port: Number(port),
    secure,
    requireTLS: !secure && !ignoreTLS,
    ignoreTLS,
    auth: username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    tls: {
      rejectUnauthorized: !isTrue(searchParams.get("skip_ssl_verify")),
      servername: searchParams.get("server_name") ?? hostname,
    },
  };
}

/**
 * Sends mail over an SMTP server. It tries three times.
 *
 * @param connection - URL of the server
 */
export function mailSender(connection: string, { name, address }: PagesConfig["mail"]["from"]): SendMail {
  const transport = createTransport(smtpOptions(connection));
  return async (mail) => {
    await pRetry(() => transport.sendMail({ from: { name, address }, ...mail }), { retries: 2 });
  };
}
