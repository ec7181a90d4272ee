import { strictEqual } from "node:assert/strict";
import { VaultRefusal } from "../../../sandbox/toolchain/plugins/vault/server/failure.ts";
import type { HttpRequest } from "../../../sandbox/toolchain/plugins/vault/server/http.ts";
import type { ApiData, Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";

/** A request that the holder of a policy may try. */
export interface Attempt {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: ApiData;
}

export const get = (path: string): Attempt => ({ method: "GET", path });
export const list = (path: string): Attempt => ({ method: "LIST", path });
export const post = (path: string, body: ApiData = {}): Attempt => ({ method: "POST", path, body });
export const remove = (path: string): Attempt => ({ method: "DELETE", path });

/** Creates a token that has only this policy. */
export async function tokenOf(vault: Vault, name: string, policy: string): Promise<string> {
  await vault.post(`sys/policies/acl/${name}`, { policy });
  const made = await vault.post("auth/token/create", { policies: [name], no_default_policy: true });
  return made.auth?.client_token ?? "";
}

/** Whether Vault grants or denies the request. @throws any other refusal, which is a mistake of the test */
async function outcome(vault: Vault, token: string, { method, path, body }: Attempt): Promise<"done" | "denied"> {
  try {
    await vault.send(method, path, { token, body });
    return "done";
  } catch (error) {
    if (error instanceof VaultRefusal && error.status === 403) {
      return "denied";
    }
    throw error;
  }
}

/** The client that sends the requests. It exists only when the tests run. */
export interface Holder {
  readonly vault: Vault;
  readonly token: string;
  /** Replaces `ID` in paths. Default: `ID` stays. */
  readonly id?: string;
}

/** Defines a test for each request. Vault grants the requests in `may` to the holder, and denies those in `mayNot`. */
export function testAttempts(
  holder: () => Holder,
  { may, mayNot }: { readonly may: readonly Attempt[]; readonly mayNot: readonly Attempt[] },
): void {
  const expectations = [
    ...may.map((attempt) => ({ attempt, expected: "done", verb: "may" })),
    ...mayNot.map((attempt) => ({ attempt, expected: "denied", verb: "may not" })),
  ];
  for (const { attempt, expected, verb } of expectations) {
    it(`${verb} ${attempt.method} ${attempt.path} ${JSON.stringify(attempt.body ?? "")}`, async () => {
      const { vault, token, id = "ID" } = holder();
      const path = attempt.path.replace("ID", id);
      strictEqual(await outcome(vault, token, { ...attempt, path }), expected);
    });
  }
}
