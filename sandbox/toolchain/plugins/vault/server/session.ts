import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { VaultSettings } from "./settings.ts";
import { httpExchange } from "./http.ts";
import { SessionTokens } from "./tokens.ts";
import { Vault } from "./vault.ts";

/** Time limit for retries while the server restarts or elects a leader. */
const retrySeconds = 20;

async function authoritiesOf(settings: VaultSettings): Promise<string[]> {
  const files = settings.caCertFile === undefined ? [] : [settings.caCertFile];
  try {
    const folder = settings.caCertDir;
    const inFolder = folder === undefined ? [] : (await readdir(folder)).map((file) => join(folder, file));
    return await Promise.all([...files, ...inFolder].map((file) => readFile(file, "utf8")));
  } catch (cause) {
    throw new OperatorError(
      {
        what: `the certificate authority cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: "caCertFile or caCertDir of the vault.Provider",
        remedy: "set it to a readable file or folder of PEM certificates",
      },
      { cause },
    );
  }
}

/**
 * Opens a session with the server. It sends nothing before the first request.
 *
 * @param seconds - time limit for retries
 */
export async function vaultSession(settings: VaultSettings, seconds = retrySeconds): Promise<Vault> {
  const exchange = httpExchange({
    address: settings.address,
    authorities: await authoritiesOf(settings),
    verify: settings.verify,
    serverName: settings.tlsServerName,
  });
  const { address, namespace } = settings;
  const vault = new Vault({ address, namespace, exchange, retrySeconds: seconds });
  vault.tokens = new SessionTokens(vault, settings);
  return vault;
}
