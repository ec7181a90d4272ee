import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { foundationOutputs, iamOutputs, Kubectl, sandboxIsUp, type Iam } from "../support/sandbox.ts";
import { forgetPolicy, withPolicy, type VaultClient } from "../support/vault.ts";
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
path "auth/token/lookup-accessor" { capabilities = ["update"] }
path "sys/seal" { capabilities = ["update", "sudo"] }
`;

const kv = z.object({ data: z.object({ word: z.string() }) });
const encrypted = z.object({ ciphertext: z.string() });
const decrypted = z.object({ plaintext: z.string() });
const issued = z.object({ certificate: z.string(), private_key: z.string() });
const password = z.object({ password: z.string() });
const accessors = z.object({ keys: z.array(z.string()) });
const plaintext = Buffer.from("a word").toString("base64");

describe("Vault on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let vault: VaultClient;
  let ciphertext = "";

  const health = async (): Promise<number> => (await web.ask(`${iam.vaultAddress}/v1/sys/health`)).status;
  /** Deletes the pod and waits until another one has unsealed itself: the former answers for a moment longer. */
  const losesItsPod = async (...how: readonly string[]): Promise<void> => {
    const uid = (): Promise<string> =>
      kubectl.run("-n", "iam", "get", "pod", "vault-0", "-o", "jsonpath={.metadata.uid}");
    const former = await uid();
    await kubectl.run("-n", "iam", "delete", "pod", "vault-0", ...how);
    await eventually("there is another pod of Vault", 120, async () => assert.notEqual(await uid(), former));
    await kubectl.run("-n", "iam", "wait", "pod/vault-0", "--for=condition=Ready", "--timeout=180s");
    await eventually("Vault answers again, unsealed by itself", 120, async () => assert.equal(await health(), 200));
  };
  const nothingIsLost = async (): Promise<void> => {
    assert.equal(kv.parse(await vault.must(`kv/data/${name}`)).data.word, "kept");
    const told = decrypted.parse(await vault.must(`transit/decrypt/${name}`, { json: { ciphertext } }));
    assert.equal(told.plaintext, plaintext);
  };

  before(async () => {
    await sandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    vault = await withPolicy(kubectl, web, iam.vaultAddress, name, policy);
    await vault.must(`kv/data/${name}`, { json: { data: { word: "kept" } } });
  });

  after(async () => {
    await vault.must(`kv/metadata/${name}`, { method: "DELETE" });
    await forgetPolicy(kubectl, web, iam.vaultAddress, name);
    await web.close();
  });

  it("encrypts with a key that it keeps", async () => {
    await vault.must(`transit/keys/${name}`, { json: {} });
    const answer = encrypted.parse(await vault.must(`transit/encrypt/${name}`, { json: { plaintext } }));
    ciphertext = answer.ciphertext;
    assert.match(ciphertext, /^vault:v1:/);
    await nothingIsLost();
  });

  it("issues certificates below the platform's domain and for no other name", async () => {
    const made = issued.parse(await vault.must("pki/issue/machine", { json: { common_name: "vm1.bibind.test" } }));
    assert.match(made.certificate, /BEGIN CERTIFICATE/);
    const refused = await vault.ask("pki/issue/machine", { json: { common_name: "vm1.example.com" } });
    assert.equal(refused.status, 400);
  });

  it("makes passwords of letters and digits only, which stand in a URL as they are", async () => {
    const made = password.parse(await vault.must("sys/policies/password/bibind/generate"));
    assert.match(made.password, /^[A-Za-z0-9]{40}$/);
  });

  it("has lost nothing when its pod is lost", async () => {
    await losesItsPod("--grace-period=0", "--force");
    await nothingIsLost();
  });

  it("gives nothing while it is sealed, and everything again after a restart has unsealed it", async () => {
    await vault.must("sys/seal", { json: {} });
    assert.notEqual((await vault.ask(`kv/data/${name}`)).status, 200);
    await losesItsPod("--wait=true", "--timeout=120s");
    await nothingIsLost();
  });

  it("holds no token of the policy root: the one of its first start is revoked", async () => {
    const { keys } = accessors.parse(await vault.must("auth/token/accessors?list=true"));
    assert(keys.length > 0);
    for (const accessor of keys) {
      const { body } = await vault.ask("auth/token/lookup-accessor", { json: { accessor } });
      assert.doesNotMatch(JSON.stringify(body), /"root"/);
    }
  });

  it("tells nothing to who has no token", async () => {
    for (const path of ["sys/mounts", "kv/data/iam/hydra", "sys/policies/acl/pulumi"]) {
      assert.equal((await web.ask(`${iam.vaultAddress}/v1/${path}`)).status, 403, path);
    }
  });
});
