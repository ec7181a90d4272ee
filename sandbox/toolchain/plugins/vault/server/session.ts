import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../../../../../components/errors/operator-error.ts";
import type { VaultSettings } from "./settings.ts";
import { httpExchange } from "./http.ts";
import { SessionTokens } from "./tokens.ts";
import { Vault } from "./vault.ts";

/** For how long a server that restarts or elects a leader is waited for. */
const patienceSeconds = 20;

async function authoritiesOf(settings: VaultSettings): Promise<string[]> {
  const files = settings.caCertFile === undefined ? [] : [settings.caCertFile];
  try {
    const folder = settings.caCertDir;
    const more = folder === undefined ? [] : (await readdir(folder)).map((file) => join(folder, file));
    return await Promise.all([...files, ...more].map((file) => readFile(file, "utf8")));
  } catch (cause) {
    throw new OperatorError(
      {
        what: `the certificate authority cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: "caCertFile or caCertDir of the vault.Provider",
        remedy: "name a readable file or folder of PEM certificates",
      },
      { cause },
    );
  }
}

/** A session with the server; nothing is sent before the first request. */
export async function vaultSession(settings: VaultSettings, patience = patienceSeconds): Promise<Vault> {
  const exchange = httpExchange({
    address: settings.address,
    authorities: await authoritiesOf(settings),
    verify: settings.verify,
    serverName: settings.tlsServerName,
  });
  const { address, namespace } = settings;
  const vault = new Vault({ address, namespace, exchange, patienceSeconds: patience });
  vault.tokens = new SessionTokens(vault, settings);
  return vault;
}
