import { once } from "node:events";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Command } from "../commands/command.ts";
import { loadConfig, readText } from "../config.ts";
import { pagesConfig } from "./config.ts";
import { Limits } from "./limits/limits.ts";
import { UsedCodes } from "./limits/used-codes.ts";
import { loadPasswordLists } from "./passwords.ts";
import { createServer } from "./server.ts";
import { services } from "./services.ts";
import { tlsPair, watchCertificate } from "./tls.ts";

const shortestSecret = 32;

async function readCookieSecret(file: string): Promise<string> {
  const secret = (await readText(file, "cookieSecretFile")).trim();
  if (secret.length < shortestSecret) {
    throw new OperatorError({
      what: `the cookie secret is too short: it needs ${shortestSecret} characters`,
      where: file,
      remedy: "let `keyring` create one of 32 characters",
    });
  }
  return secret;
}

export const command: Command = {
  name: "serve",
  summary: "serve the pages on which people sign in, over HTTPS, until SIGTERM",
  rotates: false,
  async run({ config: file }, log) {
    const config = await loadConfig(file, pagesConfig);
    const cookieSecret = await readCookieSecret(config.cookieSecretFile);
    const smtpConnection = await readText(config.mail.connectionFile, "mail.connectionFile");
    const context = {
      config,
      services: services(config, smtpConnection.trim()),
      limits: new Limits(config.replicas),
      usedCodes: new UsedCodes(),
      isGuessable: await loadPasswordLists(),
    };
    const app = await createServer(context, await tlsPair(config.tls), cookieSecret, log);
    await app.listen({ host: config.host, port: config.port });
    const stopWatching = watchCertificate(app.server, config.tls, log);
    await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
    stopWatching();
    await app.close();
    log.info("stopped");
  },
};
