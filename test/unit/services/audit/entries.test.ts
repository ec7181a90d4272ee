import assert from "node:assert/strict";
import { entriesAbout, entriesIn } from "../../../../services/audit/entries.ts";

const entry = (path: string, more: object = {}): string =>
  JSON.stringify({
    type: "response",
    time: "2026-11-30T13:00:00.123456Z",
    auth: {
      display_name: "oidc-0b1c",
      policies: ["developer"],
      metadata: { email: "ada@example.com", role: "person" },
    },
    request: { operation: "read", path, remote_address: "10.1.0.7" },
    ...more,
  });

describe("the entries of Vault's audit log", () => {
  it("say when, what, who and from where, and nothing of the answer", () => {
    assert.deepEqual(entriesIn(`2026-11-30 [INFO] core: ready\n${entry("kv/data/iam/hydra")}\n`), [
      {
        time: "2026-11-30T13:00:00Z",
        operation: "read",
        path: "kv/data/iam/hydra",
        who: "ada@example.com",
        policies: ["developer"],
        from: "10.1.0.7",
        isRefused: false,
      },
    ]);
  });

  it("name a program by its service account, and others by their login", () => {
    const metadata = { service_account_name: "hydra", service_account_namespace: "iam" };
    const log = [
      entry("a", { auth: { display_name: "kubernetes-iam-hydra", metadata } }),
      entry("a", { auth: { display_name: "approle" } }),
      entry("a", { auth: undefined }),
    ].join("\n");
    assert.deepEqual(
      entriesIn(log).map(({ who }) => who),
      ["iam/hydra", "approle", ""],
    );
  });

  it("tell a refused request", () => {
    assert.equal(entriesIn(entry("a", { error: "permission denied" }))[0]?.isRefused, true);
  });

  it("do not count a request twice: before and after its answer", () => {
    assert.deepEqual(entriesIn(entry("a", { type: "request" })), []);
  });

  it("about a secret have every path at which it is read or changed, and no other secret", () => {
    const paths = ["kv/data/iam/hydra", "kv/metadata/iam/hydra", "kv/destroy/iam/hydra"];
    const log = [...paths, "kv/data/iam/hydra2", "kv/data/iam", "sys/policies/acl/pulumi"].map((path) => entry(path));
    const entries = entriesIn(log.join("\n"));
    assert.deepEqual(
      entriesAbout(entries, "kv/iam/hydra").map(({ path }) => path),
      paths,
    );
    assert.equal(entriesAbout(entries, "sys/policies/acl/pulumi").length, 1);
  });
});
