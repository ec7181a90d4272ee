import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";
import { type TestServer, startServer } from "./server.ts";
import { freePort } from "../../support/free-port.ts";
import { loopbackCertificate } from "../../support/tls-server.ts";

const listSchema = z.object({ messages: z.array(z.object({ ID: z.string() })) });
const messageSchema = z.object({
  Subject: z.string(),
  Text: z.string(),
  To: z.array(z.object({ Address: z.string() })),
});

/** A message that the mail catcher received. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly to: readonly string[];
}

async function json(url: string): Promise<unknown> {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  }
  return answer.json();
}

/**
 * The messages to one address in a mail catcher, the newest first.
 *
 * @param catcherUrl - URL of its HTTP API, such as `http://mail.bibind.test:8025`
 */
export async function mailTo(catcherUrl: string, address: string): Promise<Mail[]> {
  const query = new URLSearchParams({ query: `to:"${address}"` });
  const { messages } = listSchema.parse(await json(`${catcherUrl}/api/v1/search?${query.toString()}`));
  const mails: Mail[] = [];
  for (const { ID } of messages) {
    const { Subject, Text, To } = messageSchema.parse(await json(`${catcherUrl}/api/v1/message/${ID}`));
    mails.push({ subject: Subject, text: Text, to: To.map((recipient) => recipient.Address) });
  }
  return mails;
}

export interface MailServer extends TestServer {
  /** SMTP URI in Kratos' form. */
  readonly smtpUri: string;
  /** URL of the HTTP API. */
  readonly url: string;
}

/** A mail catcher that requires TLS and a password, as a provider's SMTP server does. */
export interface MailLogin {
  readonly user: string;
  readonly password: string;
}

/** The arguments of a mail catcher that requires TLS and this login. */
async function requireLogin(folder: string, { user, password }: MailLogin): Promise<string[]> {
  const { key, certificate } = await loopbackCertificate();
  const files = { key: join(folder, "key.pem"), certificate: join(folder, "cert.pem"), users: join(folder, "users") };
  await writeFile(files.key, key, { mode: 0o600 });
  await writeFile(files.certificate, certificate);
  await writeFile(files.users, `${user}:${password}\n`, { mode: 0o600 });
  const tls = ["--smtp-tls-cert", files.certificate, "--smtp-tls-key", files.key, "--smtp-require-tls"];
  return [...tls, "--smtp-auth-file", files.users];
}

/**
 * Starts a mail catcher on the loopback interface. The sandbox's machine runs the same SMTP server.
 *
 * @param login - Default: it accepts every mail, in clear
 */
export async function startMail(login?: MailLogin): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-mail-"));
  const [smtpPort, httpPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const listen = ["--smtp", `127.0.0.1:${smtpPort}`, "--listen", `127.0.0.1:${httpPort}`];
  const required = login === undefined ? [] : await requireLogin(folder, login);
  const server = await startServer({
    binary: join(await goTool("mailpit"), "mailpit"),
    args: [
      ...listen,
      ...required,
      "--database",
      join(folder, "mail.db"),
      "--smtp-disable-rdns",
      "--disable-version-check",
    ],
    env: {},
    folder,
    readyUrl: `${url}/readyz`,
  });
  const address = `127.0.0.1:${smtpPort}`;
  const smtpUri =
    login === undefined
      ? `smtp://${address}/?disable_starttls=true`
      : `smtps://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@${address}/?skip_ssl_verify=true`;
  return { ...server, smtpUri, url };
}
