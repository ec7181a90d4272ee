import { databaseRole } from "../../components/vault/paths.ts";
import { clientControllerPolicy, keyringPolicy, workloadPolicy } from "../../components/vault/policies/workloads.ts";
import { consumed, type PlatformMap } from "../map/platform-map.ts";
import { partsOf, type ApplicationName } from "../map/relation.ts";

/** The policy of an application in Vault. It allows only what the application's relations declare. */
export function policyOf(map: PlatformMap, application: ApplicationName): string {
  const { layer, app } = partsOf(application);
  const api = consumed(map, application, "vault-api");
  const keyring = api.find(({ use }) => use === "keyring");
  if (keyring !== undefined) {
    return keyringPolicy({ layer, app: keyring.keysOf ?? app });
  }
  if (api.some(({ use }) => use === "clients")) {
    return clientControllerPolicy;
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
