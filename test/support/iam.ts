import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Outputs } from "../../stacks/contract.ts";
import type { FoundationContract } from "../../stacks/foundation/contract.ts";
import type { PlatformMap } from "../../stacks/graph/check.ts";
import type { IamContract } from "../../stacks/iam/contract.ts";
import { deployIam } from "../../stacks/iam/index.ts";
import { iamSettings } from "../../stacks/iam/settings.ts";
import { applications, relations } from "../../stacks/relations.ts";
import { loadSettings } from "../../stacks/settings/load.ts";
import { record, type Recording } from "./mocks.ts";
import { noSession } from "./vault-session.ts";

/** Credentials of the mail server that the tests' settings name. */
export const mailConnection = "smtps://platform:mail-password@mail.example.com:465";

/** The kubeconfig that the tests' foundation gives. */
export const kubeconfig = "kubeconfig: admin-key";

const foundation = (): Outputs<FoundationContract> => ({
  domain: pulumi.output("bibind.test"),
  kubeconfig: pulumi.secret(kubeconfig),
  ingressClass: pulumi.output("public"),
  clusterIssuer: pulumi.output("bibind"),
  caCertificate: pulumi.output("THE CA OF THE DOOR"),
  innerIssuer: pulumi.output("bibind-inner"),
  innerCaCertificate: pulumi.output("THE INNER CA"),
  chartRepository: pulumi.output(""),
  storageClass: pulumi.output("local"),
  software: pulumi.output<Record<string, string>>({}),
  urls: pulumi.output<Record<string, string>>({}),
});

/** Settings of HashiCorp Vault in OpenBao's place. */
export const hashiCorpVault = {
  distribution: "vault",
  seal: {
    kind: "transit",
    address: "https://vault.example.com:8200",
    keyName: "bibind",
    token: "a-token-of-the-other-vault",
  },
};

/** What a test of the layer changes. */
export interface IamCase {
  /** Settings beside the mail server's. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: the platform's. */
  readonly map?: PlatformMap;
  /** Outputs of the foundation that differ. */
  readonly foundation?: () => Partial<Outputs<FoundationContract>>;
}

function deployed(given: IamCase): Promise<Recording<Outputs<IamContract>>> {
  const mail = { connection: mailConnection, fromAddress: "no-reply@bibind.test" };
  const values = { layers: ["iam"], upstream: "organization/bibind/test", iam: { mail, ...given.settings } };
  return record(() => {
    const { iam } = loadSettings({ file: "Pulumi.test.yaml", values }, { iam: iamSettings });
    assert(iam !== undefined);
    const map = given.map ?? { applications, relations };
    return deployIam(iam, { ...foundation(), ...given.foundation?.() }, map, noSession);
  });
}

/** Most tests look at the layer as it is by default, and nothing that is recorded changes: one run is enough for them. */
let usual: Promise<Recording<Outputs<IamContract>>> | undefined;

/** The layer iam, deployed alone on a foundation of constants. */
export function recordIam(given?: IamCase): Promise<Recording<Outputs<IamContract>>> {
  if (given !== undefined) {
    return deployed(given);
  }
  usual ??= deployed({});
  return usual;
}
