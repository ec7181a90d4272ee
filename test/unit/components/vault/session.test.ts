import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { DeployerAccess, VaultSessionFiles } from "../../../../components/vault/deployer-login.ts";
import { VaultSession } from "../../../../components/vault/session.ts";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import { isSecret, record } from "../../../support/mocks.ts";

const files: VaultSessionFiles = { token: ".session/vault-token", caCertificate: ".session/vault-ca.pem" };

function recorded(
  openSession: (access: DeployerAccess) => Promise<VaultSessionFiles>,
  address: pulumi.Input<string> = "https://vault.bibind.test",
) {
  return record(
    () =>
      new VaultSession(
        "session",
        { kubeconfig: pulumi.secret("KUBECONFIG"), namespace: "iam", address, caCertificate: "THE CA", openSession },
        {},
      ),
  );
}

describe("VaultSession", () => {
  it("opens one session, with the kubeconfig that it was given", async () => {
    const opened: DeployerAccess[] = [];
    await recorded((access) => {
      opened.push(access);
      return Promise.resolve(files);
    });
    assert.deepEqual(opened, [
      { kubeconfig: "KUBECONFIG", namespace: "iam", address: "https://vault.bibind.test", caCertificate: "THE CA" },
    ]);
  });

  it("gives the provider the paths of the session's files, plain and the same at every run", async () => {
    const recording = await recorded(() => Promise.resolve(files));
    const { inputs } = recording.named("session-provider");
    assert.equal(inputs["address"], "https://vault.bibind.test");
    assert.equal(inputs["caCertFile"], ".session/vault-ca.pem");
    // The engine takes a provider's nested settings as JSON.
    assert.deepEqual(JSON.parse(String(inputs["authLoginTokenFile"])), { filename: ".session/vault-token" });
    assert.deepEqual(
      Object.keys(inputs).filter((name) => isSecret(inputs[name])),
      [],
    );
  });

  it("names no CA file when a public CA signed", async () => {
    const recording = await recorded(() => Promise.resolve({ ...files, caCertificate: undefined }));
    assert.equal(recording.named("session-provider").inputs["caCertFile"], "");
  });

  it("uses the session's own token, which ends within the hour, and no child of it", async () => {
    const recording = await recorded(() => Promise.resolve(files));
    assert.equal(recording.named("session-provider").inputs["skipChildToken"], "true");
  });

  it("hands the failure of a login on to everything that stands on it", async () => {
    const refusal = new OperatorError({ what: "Vault refuses", where: "there", remedy: "this" });
    await assert.rejects(
      recorded(() => Promise.reject(refusal)),
      (error: unknown) => error === refusal,
    );
  });

  it("is not opened while Vault's address is not known", async () => {
    let count = 0;
    await record(
      () =>
        new VaultSession(
          "session",
          {
            kubeconfig: "KUBECONFIG",
            namespace: "iam",
            // What its provider has not made yet, a preview does not know.
            address: new RandomPassword("address", { length: 8 }).result,
            caCertificate: "",
            openSession: () => {
              count += 1;
              return Promise.resolve(files);
            },
          },
          {},
        ),
      { preview: true, answer: () => ({}) },
    );
    assert.equal(count, 0);
  });
});
