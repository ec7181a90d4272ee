import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { vaultSettings } from "../../../../../../../sandbox/toolchain/plugins/vault/server/settings.ts";

const address = "https://vault.bibind.test:8200";

describe("The arguments of the vault provider", () => {
  it("are read from the JSON that the SDK sends", () => {
    const login = {
      path: "auth/kubernetes/login",
      namespace: "bibind",
      parameters: { role: "deployer", jwt: "a.b.c" },
    };
    const given = {
      address,
      skipTlsVerify: "true",
      skipChildToken: "true",
      maxLeaseTtlSeconds: "600",
      authLogin: JSON.stringify(login),
    };
    const settings = vaultSettings(given, {});
    strictEqual(settings.verify, false);
    strictEqual(settings.childToken, undefined);
    deepStrictEqual(settings.credentials, { login });
  });

  it("configure a login at the mount of the auth method", () => {
    const jwt = JSON.stringify({ role: "deployer", jwt: "a.b.c", mount: "cluster" });
    deepStrictEqual(vaultSettings({ address, authLoginJwt: jwt }, {}).credentials, {
      login: { path: "auth/cluster/login", parameters: { role: "deployer", jwt: "a.b.c" }, namespace: undefined },
    });
    const user = JSON.stringify({ username: "admin", password: "p" });
    deepStrictEqual(vaultSettings({ address, authLoginUserpass: user }, {}).credentials, {
      login: {
        path: "auth/userpass/login/admin",
        parameters: { password: "p" },
        namespace: undefined,
        passwordFile: undefined,
      },
    });
  });

  it("name the token file, which does not need to exist yet", () => {
    const authLoginTokenFile = JSON.stringify({ filename: "secrets/token" });
    deepStrictEqual(vaultSettings({ address, authLoginTokenFile }, {}).credentials, { tokenFile: "secrets/token" });
    const environment = { TERRAFORM_VAULT_TOKEN_FILENAME: "other/token" };
    deepStrictEqual(vaultSettings({ address, authLoginTokenFile: "{}" }, environment).credentials, {
      tokenFile: "other/token",
    });
    throws(() => vaultSettings({ address, authLoginTokenFile: "{}" }, {}), /authLoginTokenFile.filename is not set/);
    throws(
      () => vaultSettings({ address, authLoginTokenFile: JSON.stringify({ filename: "t", namespace: "n" }) }, {}),
      /does not know namespace/,
    );
  });

  it("default to the environment variables that the vendor's plugin reads", () => {
    const environment = { VAULT_ADDR: address, VAULT_TOKEN: "t", VAULT_CACERT: "/ca.pem", VAULT_NAMESPACE: "n" };
    const settings = vaultSettings({}, environment);
    deepStrictEqual(
      [settings.address, settings.credentials, settings.caCertFile, settings.namespace],
      [address, { token: "t" }, "/ca.pem", "n"],
    );
  });

  it("verify the server's certificate unless they say otherwise", () => {
    for (const [skipTlsVerify, verify] of [
      [undefined, true],
      ["false", true],
      ["true", false],
    ] as const) {
      strictEqual(vaultSettings({ address, token: "t", ...(skipTlsVerify && { skipTlsVerify }) }, {}).verify, verify);
    }
  });

  it("are refused by name when the plugin does not support them", () => {
    throws(() => vaultSettings({ address, token: "t", authLoginAws: "{}" }, {}), /does not know authLoginAws/);
  });

  it("are refused when they are missing or invalid, without their values in the message", () => {
    throws(() => vaultSettings({ token: "t" }, {}), /address is not set/);
    throws(() => vaultSettings({ address }, {}), /token \(or a login/);
    throws(
      () => vaultSettings({ address, authLoginJwt: JSON.stringify({ role: "r" }) }, {}),
      /authLoginJwt.jwt is not set/,
    );
    throws(
      () => vaultSettings({ address, authLogin: JSON.stringify({ path: "p", parameters: { jwt: 1 } }) }, {}),
      /authLogin.parameters.jwt/,
    );
  });
});
