import { layers } from "../../stacks/layers.ts";
import { deployPlatform, type PlatformOutputs } from "../../stacks/platform.ts";
import { record, type Recording } from "./mocks.ts";
import { foundationOutputs, upstreamStack, withUpstream } from "./upstream.ts";
import { noSession } from "./vault-session.ts";

/** Credential of the mail server in the tests' settings. */
export const mailConnection = "smtps://platform:mail-password@mail.example.com:465";

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
  /** Settings beside those of the mail server. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Outputs of the foundation that differ. */
  readonly foundation?: Partial<typeof foundationOutputs>;
}

function deployed({ settings, foundation }: IamCase): Promise<Recording<PlatformOutputs>> {
  const mail = { connection: mailConnection, fromAddress: "no-reply@bibind.test" };
  const values = { layers: ["iam"], upstream: upstreamStack, iam: { mail, ...settings } };
  const answer = withUpstream({ foundation: { ...foundationOutputs, ...foundation } });
  return record(() => deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, layers), { answer });
}

/** Most tests look at the layer with its defaults, and nothing changes a recording, so that they share one. */
let usual: Promise<Recording<PlatformOutputs>> | undefined;

/** The layer iam, deployed as a stack of its own on constant outputs of the foundation. */
export function recordIam(given?: IamCase): Promise<Recording<PlatformOutputs>> {
  if (given !== undefined) {
    return deployed(given);
  }
  usual ??= deployed({});
  return usual;
}
