import { AppIdentity } from "../../components/access/app-identity.ts";
import { VaultConnection } from "../../components/access/vault-connection.ts";

/** A connection to Vault in the namespace iam. Its resources are `<name>-…`. */
export function vaultConnection(name: string): VaultConnection {
  return new VaultConnection(name, { namespace: "iam", address: "https://vault.iam.svc:8200" }, {});
}

/** The identity of an application of the layer iam. Its resources are `<application>-access-…`. */
export function identityOf(application: string): AppIdentity {
  return new AppIdentity(
    `${application}-access`,
    {
      layer: "iam",
      application,
      namespace: "iam",
      policy: "# nothing",
      login: "renewed",
      connection: vaultConnection(`${application}-connection`),
    },
    {},
  );
}
