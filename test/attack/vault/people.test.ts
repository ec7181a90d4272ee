import { deepStrictEqual, rejects } from "node:assert/strict";
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { authMethods, personRole } from "../../../components/vault/mounts.ts";
import { VaultPeople, peopleRoles, type PeopleRole } from "../../../components/vault/people.ts";
import { auditorPolicy, developerPolicy, operatorPolicy } from "../../../components/vault/policies/people.ts";
import { asText } from "../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { valueAt } from "../../../stacks/settings/schema.ts";
import { get, post, testAttempts } from "../../integration/vault/attempts.ts";
import { startPlatformVault, type PlatformVault } from "../../integration/vault/platform.ts";
import { record } from "../../support/mocks.ts";

const policies: Readonly<Record<PeopleRole, string>> = {
  operator: operatorPolicy,
  auditor: auditorPolicy,
  developer: developerPolicy,
};

/**
 * The role of people as VaultPeople makes it, for ID tokens that a key of the test signs. Vault checks their claims as those
 * of a sign-in in the browser.
 */
async function roleOfPeople(): Promise<Record<string, string | boolean | number | Record<string, string[]>>> {
  const recording = await record(() => new VaultPeople("people", { accessor: "accessor", redirectUris: [] }, {}));
  const { inputs } = recording.named("people-role");
  const groups = String(valueAt(inputs, ["boundClaims", "groups"])).split(",");
  return {
    role_type: "jwt",
    user_claim: String(inputs["userClaim"]),
    groups_claim: String(inputs["groupsClaim"]),
    bound_claims: { groups },
    bound_audiences: "vault",
    token_no_default_policy: inputs["tokenNoDefaultPolicy"] === true,
    token_ttl: Number(inputs["tokenTtl"]),
    token_max_ttl: Number(inputs["tokenMaxTtl"]),
  };
}

async function configure(vault: Vault, publicKey: string): Promise<void> {
  await vault.post(`auth/${authMethods.people}/config`, { jwt_validation_pubkeys: [publicKey] });
  await vault.post(`auth/${authMethods.people}/role/${personRole}`, await roleOfPeople());
  const methods = await vault.get("sys/auth");
  const accessor = String(valueAt(methods, [`${authMethods.people}/`, "accessor"]));
  for (const role of peopleRoles) {
    await vault.post(`sys/policies/acl/${role}`, { policy: policies[role] });
    const { data } = await vault.post("identity/group", { name: role, type: "external", policies: [role] });
    const canonical = asText(data?.id);
    await vault.post("identity/group-alias", { name: role, mount_accessor: accessor, canonical_id: canonical });
  }
}

/** Requests that store something in Vault, or use its computing power, with no right of a role. */
const storing = [
  post("cubbyhole/note", { word: "mine" }),
  get("cubbyhole/note"),
  post("sys/wrapping/wrap", { word: "mine" }),
  post("sys/tools/random/1024"),
  post("sys/tools/hash", { input: "" }),
];

describe("A person who signs in to Vault", function () {
  this.timeout(180_000);
  let platform: PlatformVault;
  let key: CryptoKey;

  async function signIn(groups: readonly string[]): Promise<string> {
    const jwt = await new SignJWT({ groups })
      .setProtectedHeader({ alg: "ES256" })
      .setSubject("a-person")
      .setAudience("vault")
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key);
    const { auth } = await platform.vault.post(
      `auth/${authMethods.people}/login`,
      { role: personRole, jwt },
      { token: "" },
    );
    return auth?.client_token ?? "";
  }

  before(async () => {
    platform = await startPlatformVault();
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    key = privateKey;
    await configure(platform.vault, await exportSPKI(publicKey));
  });

  after(() => platform.remove());

  it("gets no token without a role of the platform", async () => {
    await rejects(signIn([]), { status: 400 });
    await rejects(signIn(["guest", "default"]), { status: 400 });
  });

  for (const role of peopleRoles) {
    describe(`as ${role}`, () => {
      let token = "";

      before(async () => {
        token = await signIn([role]);
      });

      it("has the policy of the role and no other", async () => {
        const self = await platform.vault.get("auth/token/lookup-self", { token });
        deepStrictEqual([self?.policies, self?.identity_policies], [[], [role]]);
      });

      testAttempts(() => ({ vault: platform.vault, token }), {
        may: [
          post("auth/token/renew-self"),
          post("sys/capabilities-self", { paths: ["kv/data/iam/hydra"] }),
          get("sys/internal/ui/resultant-acl"),
        ],
        mayNot: storing,
      });
    });
  }
});
