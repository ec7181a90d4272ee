import { AppIdentity } from "../../components/access/app-identity.ts";

/** Who an application of the layer iam is, for tests of what is made on its behalf; its resources are `<application>-access-…`. */
export function identityOf(application: string): AppIdentity {
  return new AppIdentity(
    `${application}-access`,
    { layer: "iam", application, namespace: "iam", policy: "# nothing", vaultConnection: "vault" },
    {},
  );
}
