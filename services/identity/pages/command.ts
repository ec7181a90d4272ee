import { once } from "node:events";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import type { Command } from "../commands/command.ts";
import { loadConfig, readText } from "../config.ts";
import { pagesConfig } from "./config.ts";
import { createServer } from "./server.ts";
import { services } from "./services.ts";
import { renewing, tlsPair } from "./tls.ts";

const shortestSecret = 32;

async function cookieSecretIn(file: string): Promise<string> {
  const secret = (await readText(file, "cookieSecretFile")).trim();
  if (secret.length < shortestSecret) {
    throw new OperatorError({
      what: `the cookie secret is too short: it needs ${shortestSecret} characters`,
      where: file,
      remedy: "have `keyring` make one of 32 characters",
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
    const cookieSecret = await cookieSecretIn(config.cookieSecretFile);
    const app = await createServer(
      { config, services: services(config) },
      await tlsPair(config.tls),
      cookieSecret,
      log,
    );
    await app.listen({ host: config.host, port: config.port });
    const stopRenewing = renewing(app.server, config.tls, log);
    await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
    stopRenewing();
    await app.close();
    log.info("stopped");
  },
};
