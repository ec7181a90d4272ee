import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Mount } from "@pulumi/vault/mount.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { BibindComponent } from "../../../../components/base.ts";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { DeployerAccess, VaultSessionFiles } from "../../../../components/vault/deployer-login.ts";
import { VaultSession, type VaultSessionArgs } from "../../../../components/vault/session.ts";
import { isSecret, record } from "../../../support/mocks.ts";

const files: VaultSessionFiles = { token: ".session/vault-token", caCertificate: ".session/vault-ca.pem" };

function sessionArgs(more: Partial<VaultSessionArgs> = {}): VaultSessionArgs {
  return {
    kubeconfig: pulumi.secret("KUBECONFIG"),
    namespace: "iam",
    address: "https://vault.bibind.test",
    caCertificate: "THE CA",
    ready: true,
    openSession: () => Promise.resolve(files),
    ...more,
  };
}

const recorded = (more?: Partial<VaultSessionArgs>) => record(() => new VaultSession("session", sessionArgs(more), {}));

/** A component that configures Vault by one resource below another component. */
class Configuration extends BibindComponent {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("bibind:test:Configuration", name, opts);
    new Mount(this.child("mount"), { path: "kv", type: "kv" }, { parent: this });
    new RandomPassword(this.child("password"), { length: 8 }, { parent: this });
    this.registerOutputs({});
  }
}

describe("VaultSession", () => {
  it("opens one session, with the given kubeconfig", async () => {
    const opened: DeployerAccess[] = [];
    await recorded({
      openSession: (access) => {
        opened.push(access);
        return Promise.resolve(files);
      },
    });
    assert.deepEqual(opened, [
      { kubeconfig: "KUBECONFIG", namespace: "iam", address: "https://vault.bibind.test", caCertificate: "THE CA" },
    ]);
  });

  it("gives the provider the paths of the session's files, which are not secret and the same at every run", async () => {
    const { inputs } = (await recorded()).named("session-provider");
    assert.equal(inputs["address"], "https://vault.bibind.test");
    assert.equal(inputs["caCertFile"], ".session/vault-ca.pem");
    // Pulumi gives nested settings of a provider to the engine as JSON.
    assert.deepEqual(JSON.parse(String(inputs["authLoginTokenFile"])), { filename: ".session/vault-token" });
    assert.deepEqual(
      Object.keys(inputs).filter((name) => isSecret(inputs[name])),
      [],
    );
  });

  it("gives the provider no CA file for a public CA", async () => {
    const recording = await recorded({ openSession: () => Promise.resolve({ ...files, caCertificate: undefined }) });
    assert.equal(recording.named("session-provider").inputs["caCertFile"], "");
  });

  it("uses the session's own token, which ends within the hour, and no child of it", async () => {
    assert.equal((await recorded()).named("session-provider").inputs["skipChildToken"], "true");
  });

  it("fails with the error of the login", async () => {
    const refusal = new OperatorError({ what: "Vault refuses", where: "there", remedy: "this" });
    await assert.rejects(
      recorded({ openSession: () => Promise.reject(refusal) }),
      (error: unknown) => error === refusal,
    );
  });

  for (const unknown of ["ready", "address"] as const) {
    it(`opens no session in a preview while \`${unknown}\` is unknown`, async () => {
      let count = 0;
      const openSession = () => {
        count += 1;
        return Promise.resolve(files);
      };
      const program = (isKnown: boolean) => () => {
        // Its provider has not made it yet, so that a preview does not know its result.
        const { result } = new RandomPassword("unknown", { length: 8 });
        const value = unknown === "ready" ? result.apply(() => true) : result;
        return new VaultSession("session", sessionArgs({ openSession, ...(isKnown ? {} : { [unknown]: value }) }), {});
      };
      await record(program(false), { preview: true });
      assert.equal(count, 0);
      await record(program(true), { preview: true });
      assert.equal(count, 1);
    });
  }
});

describe("the options of a VaultSession", () => {
  const configured = (isOwnVault: boolean) =>
    record(() => {
      const server = new RandomPassword("server", { length: 8 });
      const session = new VaultSession("session", sessionArgs(isOwnVault ? { server } : {}), {});
      return new Configuration("core", session.options);
    });

  it("give a component the session's provider", async () => {
    assert.equal((await configured(false)).named("core-mount").provider, "session-provider");
  });

  it("delete what is in Vault together with the server, and nothing else", async () => {
    const recording = await configured(true);
    assert.equal(recording.named("core-mount").deletedWith, "server");
    assert.equal(recording.named("core-password").deletedWith, undefined);
  });

  it("delete everything one by one in the Vault of another stack", async () => {
    assert.equal((await configured(false)).named("core-mount").deletedWith, undefined);
  });
});
