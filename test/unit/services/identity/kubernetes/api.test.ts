import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi } from "../../../../../services/identity/kubernetes/api.ts";

const purpose = { action: "read it", where: "Secret a/b", permission: "let it read" };

describe("the Kubernetes API", () => {
  let folder: string;
  let tokenFile: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-kubernetes-api-"));
    tokenFile = join(folder, "token");
  });

  after(() => rm(folder, { recursive: true }));

  it("gets the token that the file holds now: kubelet replaces it", async () => {
    const tokens: (string | null)[] = [];
    const settings = { server: "https://api.test:6443", tokenFile, caFile: "unused" };
    const api = new KubernetesApi(settings, (_, init) => {
      tokens.push(new Headers(init?.headers).get("authorization"));
      return Promise.resolve(Response.json({}));
    });
    for (const token of ["first", "second"]) {
      await writeFile(tokenFile, `${token}\n`);
      await api.get("/api/v1/namespaces/a/secrets/b", purpose);
    }
    assert.deepEqual(tokens, ["Bearer first", "Bearer second"]);
  });
});
