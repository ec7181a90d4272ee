import { foundation as foundationLayer } from "../../stacks/foundation/layer.ts";
import { iam } from "../../stacks/iam/layer.ts";
import type { Layer } from "../../stacks/layer.ts";
import type { Relation } from "../../stacks/map/relation.ts";
import { deployPlatform, type PlatformOutputs } from "../../stacks/platform.ts";
import { record, type Recording } from "./mocks.ts";
import { foundationOutputs, upstreamStack, withUpstream } from "./upstream.ts";
import { noSession } from "./vault-session.ts";

/** Credential of the mail server in the settings of the tests. */
export const mailConnection = "smtps://platform:mail-password@mail.example.com:465";

/** Settings that select HashiCorp Vault instead of OpenBao. */
export const hashiCorpVault = {
  distribution: "vault",
  seal: {
    kind: "transit",
    address: "https://vault.example.com:8200",
    keyName: "bibind",
    token: "a-token-of-the-other-vault",
  },
};

/** The differences of a test from the defaults. */
export interface IamCase {
  /** Settings besides those of the mail server. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Outputs of the foundation that differ from the usual ones. Default: none. */
  readonly foundation?: Partial<typeof foundationOutputs>;
  /** Selects the relations to leave out. Default: none. */
  readonly without?: (relation: Relation) => boolean;
}

/** The layer iam without some of its relations. */
function iamWithout(isLeftOut: (relation: Relation) => boolean): Layer {
  return {
    ...iam,
    configure(given) {
      const configured = iam.configure(given);
      const relations = configured.mapPart.relations.filter((relation) => !isLeftOut(relation));
      return { ...configured, mapPart: { ...configured.mapPart, relations } };
    },
  };
}

function deployed({ settings, foundation, without }: IamCase): Promise<Recording<PlatformOutputs>> {
  const mail = { connection: mailConnection, fromAddress: "no-reply@bibind.test" };
  const values = { layers: ["iam"], upstream: upstreamStack, iam: { mail, ...settings } };
  const answer = withUpstream({ foundation: { ...foundationOutputs, ...foundation } });
  const layers = [foundationLayer, without === undefined ? iam : iamWithout(without)];
  return record(() => deployPlatform({ file: "Pulumi.test.yaml", values }, noSession, layers), { answer });
}

/** Most tests use the default settings. Nothing changes a recording, so these tests share one. */
let usual: Promise<Recording<PlatformOutputs>> | undefined;

/** Records the layer iam as a stack of its own. The upstream stack gives fixed outputs of the foundation. */
export function recordIam(given?: IamCase): Promise<Recording<PlatformOutputs>> {
  if (given !== undefined) {
    return deployed(given);
  }
  usual ??= deployed({});
  return usual;
}
