import { databaseRole } from "../../components/vault/paths.ts";
import { clientControllerPolicy, keyringPolicy, workloadPolicy } from "../../components/vault/policies/workloads.ts";
import { theRelation } from "../map/check.ts";
import { consumed, type PlatformMap } from "../map/platform-map.ts";
import { partsOf, type ApplicationName } from "../map/relation.ts";

/** Whether an application of the platform uses Vault by itself, and not through Vault Secrets Operator. */
export function callsVault(map: PlatformMap, application: ApplicationName): boolean {
  return consumed(map, application, "vault-api").length > 0;
}

/**
 * The policy of an application in Vault. It allows only what the application's relations declare.
 *
 * @param issuer - issuer of the platform's tokens; only the stack of the controller of OAuth2 clients needs to know it
 * @throws Error when the policy needs the issuer, and there is none
 */
export function policyOf(map: PlatformMap, application: ApplicationName, issuer: string | undefined): string {
  const { layer, app } = partsOf(application);
  const api = consumed(map, application, "vault-api");
  const keyring = api.find(({ use }) => use === "keyring");
  if (keyring !== undefined) {
    return keyringPolicy({ layer, app: keyring.keysOf ?? app });
  }
  if (api.some(({ use }) => use === "clients")) {
    if (issuer === undefined) {
      throw new Error(`the policy of ${application} names the issuer, and this stack does not deploy it`);
    }
    const { client } = theRelation(map, "iam/vault", "oauth", "iam/hydra");
    return clientControllerPolicy({ issuer, clientId: client.clientId });
  }
  const secrets = consumed(map, application, "secrets");
  return workloadPolicy({
    layer,
    app,
    keys: secrets.some(({ keys }) => keys !== undefined),
    settings: secrets.flatMap(({ settings }) => settings ?? []),
    oauthClients: consumed(map, application, "oauth").map(({ client }) => client.clientId),
    databaseRoles: consumed(map, application, "database").map(({ database }) => databaseRole(layer, database)),
  });
}
