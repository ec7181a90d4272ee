import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { deployerPolicy } from "../../../components/vault/policies/deployer.ts";
import { deployerLogin } from "../../../components/vault/self-init.ts";
import { openBaoConfiguration, type OpenBaoArgs } from "../../../components/vault/server-configuration.ts";
import { asText } from "../../../sandbox/toolchain/plugins/vault/schema/mapping.ts";
import { httpExchange } from "../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { vaultSession } from "../../../sandbox/toolchain/plugins/vault/server/session.ts";
import type { Vault, VaultAnswer } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../sandbox/toolchain/plugins/vault/server/settings.ts";
import { startVault, type ServerParameters, type TestVault } from "../toolchain/vault/openbao.ts";
import { tokenOf } from "./attempts.ts";
import { onLoopback, serverFiles, staticSeal } from "./loopback-server.ts";
import { adminOf } from "./platform.ts";
import { reviewedAt, reviewTokens, type ServiceAccount, type TokenReviews } from "./token-review.ts";
import { freePort } from "../../support/free-port.ts";

const pulumi = { namespace: "iam", name: "pulumi", audience: "vault" };

/** The arguments of the component VaultServer, with the files and the token review API of this test. */
function serverArgs(parameters: ServerParameters, reviewPort: number): OpenBaoArgs {
  const { folder } = parameters;
  const caCertificate = readFileSync(`${folder}/ca.pem`, "utf8");
  return {
    ...serverFiles(parameters),
    seal: staticSeal(parameters),
    auditFile: `${folder}/audit.log`,
    firstRequests: reviewedAt(deployerLogin(pulumi.namespace), reviewPort, caCertificate),
  };
}

const hydraRole = { bound_service_account_names: ["hydra"], bound_service_account_namespaces: ["iam"] };

const sealStatus = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  type: z.string(),
  storage_type: z.string(),
});
const auditEntry = z.object({
  type: z.string(),
  error: z.string().optional(),
  request: z.object({ path: z.string(), operation: z.string() }),
});

async function stateOf({ address, caCertFile }: TestVault) {
  const authorities = [await readFile(caCertFile, "utf8")];
  const exchange = httpExchange({ address, authorities, verify: true, serverName: undefined });
  const { body } = await exchange({ method: "GET", path: "sys/seal-status", headers: {} });
  return sealStatus.parse(JSON.parse(body));
}

function entriesIn(log: string) {
  return log
    .trimEnd()
    .split("\n")
    .map((line) => auditEntry.parse(JSON.parse(line)));
}

/** The number of refused logins in the audit log. */
function refusedIn(log: string): number {
  return entriesIn(log).filter(
    ({ type, error, request }) =>
      type === "response" && error !== undefined && request.path === "auth/kubernetes/login",
  ).length;
}

describe("An OpenBao that initialises itself", function () {
  this.timeout(180_000);
  let server: TestVault;
  let reviews: TokenReviews;
  let vault: Vault;

  const loginAs = (role: string, jwt: string): Promise<VaultAnswer> =>
    vault.post("auth/kubernetes/login", { role, jwt }, { token: "" });
  const deployerToken = async () => (await loginAs("pulumi", reviews.tokenFor(pulumi))).auth?.client_token ?? "";
  const auditText = () => readFile(join(server.folder, "audit.log"), "utf8");

  before(async () => {
    const reviewPort = await freePort();
    server = await startVault({
      configuration: (parameters) => onLoopback(openBaoConfiguration(serverArgs(parameters, reviewPort)), parameters),
    });
    reviews = await reviewTokens(server.folder, reviewPort);
    const { address, caCertFile } = server;
    vault = await vaultSession(vaultSettings({ address, caCertFile, token: "none", skipChildToken: "true" }, {}));
  });

  after(async () => {
    await server.remove();
    reviews.close();
  });

  it("unseals itself with its static key, and uses integrated storage", async () => {
    deepStrictEqual(await stateOf(server), { initialized: true, sealed: false, type: "static", storage_type: "raft" });
  });

  it("lets the deployer log in with the token of its service account, for an hour and with one policy", async () => {
    const { auth } = await loginAs("pulumi", reviews.tokenFor(pulumi));
    strictEqual(auth?.lease_duration, 3600);
    const self = await vault.get("auth/token/lookup-self", { token: auth.client_token });
    deepStrictEqual([self?.policies, self?.explicit_max_ttl], [["pulumi"], 0]);
    await vault.post("sys/mounts/kv", { type: "kv-v2" }, { token: auth.client_token });
    await rejects(vault.get("kv/data/app", { token: auth.client_token }), { status: 403 });
  });

  const others: readonly [string, ServiceAccount][] = [
    ["of another service account", { ...pulumi, name: "hydra" }],
    ["of another namespace", { ...pulumi, namespace: "delivery" }],
    ["for another audience", { ...pulumi, audience: "https://kubernetes.default.svc" }],
  ];
  for (const [what, account] of others) {
    it(`refuses a token ${what}, and records this in the audit log`, async () => {
      const before = refusedIn(await auditText());
      await rejects(loginAs("pulumi", reviews.tokenFor(account)), { status: 403 });
      strictEqual(refusedIn(await auditText()), before + 1);
    });
  }

  it("refuses a token that Kubernetes did not sign", async () => {
    await rejects(loginAs("pulumi", reviews.forgedFor(pulumi)), { status: 403 });
  });

  it("has no root token", async () => {
    const token = await deployerToken();
    const policy = `path "auth/token/accessors" { capabilities = ["list", "sudo"] }
path "auth/token/lookup-accessor" { capabilities = ["update"] }`;
    await vault.post("sys/policies/acl/examiner", { policy }, { token });
    const examiner = { ...pulumi, name: "examiner" };
    const role = {
      bound_service_account_names: [examiner.name],
      bound_service_account_namespaces: [examiner.namespace],
      audience: examiner.audience,
      token_policies: ["examiner"],
    };
    await vault.post("auth/kubernetes/role/examiner", role, { token });
    const examinerToken = (await loginAs("examiner", reviews.tokenFor(examiner))).auth?.client_token ?? "";
    const accessors = z
      .array(z.string())
      .parse((await vault.send("LIST", "auth/token/accessors", { token: examinerToken }))?.data?.keys);
    const policies = await Promise.all(
      accessors.map(
        async (accessor) =>
          (await vault.post("auth/token/lookup-accessor", { accessor }, { token: examinerToken })).data?.policies,
      ),
    );
    ok(policies.length >= 2);
    ok(
      policies.flat().every((name) => name !== "root"),
      JSON.stringify(policies),
    );
  });

  it("writes every request to the audit log, but no token", async () => {
    const jwt = reviews.tokenFor(pulumi);
    const token = (await loginAs("pulumi", jwt)).auth?.client_token ?? "";
    await vault.get("sys/mounts", { token });
    const text = await auditText();
    const paths = entriesIn(text).map(({ request }) => request.path);
    for (const path of ["auth/kubernetes/role/pulumi", "auth/kubernetes/login", "sys/mounts"]) {
      ok(paths.includes(path), path);
    }
    ok(token.length > 20 && !text.includes(token) && !text.includes(jwt));
  });

  it("keeps its content after a restart, and does not initialise itself again", async () => {
    const token = await deployerToken();
    await vault.post("auth/kubernetes/role/hydra", hydraRole, { token });
    await vault.post("sys/policies/acl/operator", { policy: "# by hand" }, { token });
    await server.stop();
    await server.start();
    strictEqual((await stateOf(server)).sealed, false);
    const later = await deployerToken();
    ok((await vault.get("sys/mounts", { token: later }))?.["kv/"]);
    ok(await vault.get("auth/kubernetes/role/hydra", { token: later }));
    match(asText((await vault.get("sys/policies/acl/operator", { token: later }))?.policy), /# by hand/);
    strictEqual((await vault.get("sys/policies/acl/pulumi", { token: later }))?.policy, deployerPolicy);
  });
});

describe("An OpenBao that another OpenBao unseals", function () {
  this.timeout(180_000);
  let unsealer: TestVault;
  let server: TestVault | undefined;

  before(async () => {
    unsealer = await startVault();
    const { address, caCertFile } = unsealer;
    const admin = await adminOf(unsealer);
    await admin.post("sys/mounts/transit", { type: "transit" });
    await admin.post("transit/keys/unseal", {});
    const token = await tokenOf(admin, "unseal", 'path "transit/+/unseal" { capabilities = ["update"] }');
    server = await startVault({
      configuration: (parameters) => {
        const seal = { kind: "transit", address, keyName: "unseal", mountPath: "transit" } as const;
        return onLoopback(openBaoConfiguration({ ...serverArgs(parameters, 1), seal }), parameters);
      },
      environment: { VAULT_TOKEN: token, VAULT_CACERT: caCertFile },
    });
  });

  after(async () => {
    await server?.remove();
    await unsealer.remove();
  });

  it("initialises itself, and unseals itself after a restart", async () => {
    ok(server);
    deepStrictEqual(await stateOf(server), { initialized: true, sealed: false, type: "transit", storage_type: "raft" });
    await server.stop();
    await server.start();
    strictEqual((await stateOf(server)).sealed, false);
  });
});
