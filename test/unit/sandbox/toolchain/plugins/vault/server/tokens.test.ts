import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { HttpAnswer, HttpRequest } from "../../../../../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { SessionTokens } from "../../../../../../../sandbox/toolchain/plugins/vault/server/tokens.ts";
import { Vault } from "../../../../../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { vaultSettings } from "../../../../../../../sandbox/toolchain/plugins/vault/server/settings.ts";

interface Lifetime {
  readonly seconds: number;
  readonly renewable?: boolean;
  readonly renewedSeconds?: number;
}

/** A session with a server that numbers its tokens. `paths` are the paths of its requests. */
function session(lifetime: Lifetime, settings: Record<string, string> = {}) {
  const paths: string[] = [];
  let count = 0;
  const auth = (token: string, seconds: number, renewable: boolean): HttpAnswer => ({
    status: 200,
    body: JSON.stringify({ auth: { client_token: token, lease_duration: seconds, renewable } }),
  });
  const exchange = ({ path, headers }: HttpRequest): Promise<HttpAnswer> => {
    paths.push(path);
    const used = headers["x-vault-token"] ?? "";
    if (path === "auth/token/renew-self") {
      return Promise.resolve(auth(used, lifetime.renewedSeconds ?? lifetime.seconds, true));
    }
    count += 1;
    return Promise.resolve(
      path === "auth/token/create"
        ? auth(`child of ${used}`, 1200, false)
        : auth(`login ${count}`, lifetime.seconds, lifetime.renewable ?? false),
    );
  };
  const login = JSON.stringify({ role: "r", jwt: "a.b.c" });
  const vault = new Vault({ address: "https://v", namespace: "", exchange, retrySeconds: 0.1 });
  const tokens = new SessionTokens(
    vault,
    vaultSettings({ address: "https://v", authLoginJwt: login, ...settings }, {}),
  );
  return { tokens, paths };
}

const noChild = { skipChildToken: "true" };

describe("The session's token", () => {
  it("comes from one login for all requests at the same time", async () => {
    const { tokens, paths } = session({ seconds: 600 }, noChild);
    const all = await Promise.all([tokens.current(), tokens.current(), tokens.current()]);
    deepStrictEqual(all, ["login 1", "login 1", "login 1"]);
    strictEqual(await tokens.current(), "login 1");
    deepStrictEqual(paths, ["auth/jwt/login"]);
  });

  it("is renewed before it expires when it is renewable", async () => {
    const { tokens, paths } = session({ seconds: 0.000_001, renewable: true, renewedSeconds: 600 }, noChild);
    strictEqual(await tokens.current(), "login 1");
    strictEqual(await tokens.current(), "login 1");
    deepStrictEqual(paths, ["auth/jwt/login", "auth/token/renew-self"]);
  });

  it("comes from a new login when a renewal does not extend it enough", async () => {
    const { tokens, paths } = session({ seconds: 0.000_001, renewable: true }, noChild);
    strictEqual(await tokens.current(), "login 1");
    strictEqual(await tokens.current(), "login 2");
    deepStrictEqual(paths, ["auth/jwt/login", "auth/token/renew-self", "auth/jwt/login"]);
  });

  it("is a child token by default, and a new parent means a new child", async () => {
    const long = session({ seconds: 600 });
    strictEqual(await long.tokens.current(), "child of login 1");
    strictEqual(await long.tokens.current(), "child of login 1");
    deepStrictEqual(long.paths, ["auth/jwt/login", "auth/token/create"]);
    const short = session({ seconds: 0.000_001 });
    strictEqual(await short.tokens.current(), "child of login 1");
    strictEqual(await short.tokens.current(), "child of login 3");
  });

  it("is the configured token without a login, and the message about its refusal does not show it", async () => {
    const refuse = () => Promise.resolve({ status: 403, body: JSON.stringify({ errors: ["permission denied"] }) });
    const vault = new Vault({ address: "https://v", namespace: "", exchange: refuse, retrySeconds: 0.1 });
    vault.tokens = new SessionTokens(
      vault,
      vaultSettings({ address: "https://v", token: "never-log-this", ...noChild }, {}),
    );
    await rejects(
      vault.get("a"),
      (error: Error) => /does not accept the token/.test(error.message) && !error.message.includes("never-log-this"),
    );
  });
});
