import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { foundationOutputs, iamOutputs, Kubectl, ensureSandboxIsUp, type Iam } from "../support/sandbox.ts";
import { removePolicy, loginWithPolicy, type VaultClient } from "../support/vault.ts";
import { Web } from "../support/web.ts";

const name = "fault-vault";
const policy = `
path "kv/data/${name}" { capabilities = ["create", "read", "update"] }
path "kv/metadata/${name}" { capabilities = ["delete"] }
path "transit/keys/${name}" { capabilities = ["create", "update", "read"] }
path "transit/encrypt/${name}" { capabilities = ["update"] }
path "transit/decrypt/${name}" { capabilities = ["update"] }
path "pki/issue/machine" { capabilities = ["update"] }
path "sys/policies/password/bibind/generate" { capabilities = ["read"] }
path "auth/token/accessors" { capabilities = ["list", "sudo"] }
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/lookup-accessor" { capabilities = ["update"] }
path "sys/seal" { capabilities = ["update", "sudo"] }
`;

const kv = z.object({ data: z.object({ word: z.string() }) });
const encrypted = z.object({ ciphertext: z.string() });
const decrypted = z.object({ plaintext: z.string() });
const issued = z.object({ certificate: z.string(), private_key: z.string() });
const password = z.object({ password: z.string() });
const accessors = z.object({ keys: z.array(z.string()) });
const tokenOf = z.object({ accessor: z.string() });
const lookedUp = z.object({ data: z.object({ policies: z.array(z.string()) }) });
const plaintext = Buffer.from("a word").toString("base64");

describe("Vault on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let vault: VaultClient;
  let ciphertext = "";

  const health = async (): Promise<number> => (await web.request(`${iam.vaultAddress}/v1/sys/health`)).status;
  /** Deletes Vault's pod and waits until a new pod has unsealed itself. The old pod can still answer for a moment. */
  const replacePod = async (...options: readonly string[]): Promise<void> => {
    const uid = (): Promise<string> =>
      kubectl.run("-n", "iam", "get", "pod", "vault-0", "-o", "jsonpath={.metadata.uid}");
    const previous = await uid();
    await kubectl.run("-n", "iam", "delete", "pod", "vault-0", ...options);
    await eventually("Vault has a new pod", 120, async () => assert.notEqual(await uid(), previous));
    await kubectl.run("-n", "iam", "wait", "pod/vault-0", "--for=condition=Ready", "--timeout=180s");
    await eventually("Vault has unsealed itself", 120, async () => assert.equal(await health(), 200));
  };
  const assertNothingIsLost = async (): Promise<void> => {
    assert.equal(kv.parse(await vault.requestData(`kv/data/${name}`)).data.word, "kept");
    const answer = decrypted.parse(await vault.requestData(`transit/decrypt/${name}`, { json: { ciphertext } }));
    assert.equal(answer.plaintext, plaintext);
  };

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    vault = await loginWithPolicy(kubectl, web, iam.vaultAddress, name, policy);
    await vault.requestData(`kv/data/${name}`, { json: { data: { word: "kept" } } });
  });

  after(async () => {
    await vault.requestData(`kv/metadata/${name}`, { method: "DELETE" });
    await removePolicy(kubectl, web, iam.vaultAddress, name);
    await web.close();
  });

  it("encrypts and decrypts with a key of its own", async () => {
    await vault.requestData(`transit/keys/${name}`, { json: {} });
    const answer = encrypted.parse(await vault.requestData(`transit/encrypt/${name}`, { json: { plaintext } }));
    ciphertext = answer.ciphertext;
    assert.match(ciphertext, /^vault:v1:/);
    await assertNothingIsLost();
  });

  it("issues certificates for names below the platform's domain only", async () => {
    const request = { json: { common_name: "vm1.bibind.test" } };
    const { certificate } = issued.parse(await vault.requestData("pki/issue/machine", request));
    assert.match(certificate, /BEGIN CERTIFICATE/);
    const refused = await vault.request("pki/issue/machine", { json: { common_name: "vm1.example.com" } });
    assert.equal(refused.status, 400);
  });

  it("generates passwords of letters and digits only, so that a URL can contain them unchanged", async () => {
    const generated = password.parse(await vault.requestData("sys/policies/password/bibind/generate"));
    assert.match(generated.password, /^[A-Za-z0-9]{40}$/);
  });

  it("loses no data when its pod is lost", async () => {
    await replacePod("--grace-period=0", "--force");
    await assertNothingIsLost();
  });

  it("returns no secret while it is sealed, and loses no data", async () => {
    await vault.requestData("sys/seal", { json: {} });
    const { status, body } = await vault.request(`kv/data/${name}`);
    assert.equal(status, 503, JSON.stringify(body));
    assert.doesNotMatch(JSON.stringify(body), /kept/);
    await replacePod("--wait=true", "--timeout=120s");
    await assertNothingIsLost();
  });

  it("has no root token, because the token of its first start is revoked", async () => {
    const { accessor: own } = tokenOf.parse(await vault.requestData("auth/token/lookup-self"));
    const { keys } = accessors.parse(await vault.requestData("auth/token/accessors?list=true"));
    const policies = new Map<string, readonly string[]>();
    for (const accessor of keys) {
      const { status, body } = await vault.request("auth/token/lookup-accessor", { json: { accessor } });
      // A token may end between the list and the look at it.
      if (status === 200) {
        policies.set(accessor, lookedUp.parse(body).data.policies);
      }
    }
    assert(policies.get(own)?.includes(name), "the test could not look up its own token");
    assert(![...policies.values()].flat().includes("root"));
  });

  it("refuses requests without a token", async () => {
    for (const path of ["sys/mounts", "kv/data/iam/hydra", "sys/policies/acl/pulumi"]) {
      assert.equal((await web.request(`${iam.vaultAddress}/v1/${path}`)).status, 403, path);
    }
  });
});
