import assert from "node:assert/strict";
import { engines } from "../../../../components/vault/mounts.ts";
import { policyOf } from "../../../../stacks/access/policy.ts";
import { layers } from "../../../../stacks/layers.ts";
import { assembleMap, consumed } from "../../../../stacks/map/platform-map.ts";
import { partsOf, type ApplicationName } from "../../../../stacks/map/relation.ts";
import { exampleLayer } from "../../../support/example-layer.ts";

const map = assembleMap([...layers, exampleLayer()].map(({ mapPart }) => mapPart));

/** The capabilities of a policy by path, without those on its own token. */
function rightsOf(name: ApplicationName): Readonly<Record<string, string>> {
  const rules = [...policyOf(map, name).matchAll(/^path "([^"]+)" \{\n {2}capabilities = \[([^\]]*)\]/gm)];
  const pairs = rules.map(([, path = "", rights = ""]) => [path, rights.replaceAll('"', "")] as const);
  return Object.fromEntries(pairs.filter(([path]) => !path.startsWith("auth/token/")));
}

/** The rights that the relations of the platform say, by application. */
const expected: Readonly<Record<ApplicationName, Readonly<Record<string, string>>>> = {
  "foundation/ingress": {},
  "foundation/postgres-operator": {},
  "foundation/secrets-operator": {},
  "iam/postgres": {},
  "iam/vault": { "kv/data/oauth/iam/vault": "read" },
  "iam/vault-init": {},
  "iam/hydra": {
    "kv/data/iam/hydra": "read",
    "database/creds/iam-hydra": "read",
    "sys/leases/revoke": "update",
  },
  "iam/kratos": {
    "kv/data/iam/kratos": "read",
    "kv/data/settings/iam/mail": "read",
    "database/creds/iam-kratos": "read",
    "sys/leases/revoke": "update",
  },
  "iam/identity": { "kv/data/iam/identity": "read", "kv/data/settings/iam/mail": "read" },
  "iam/welcome": {},
  "iam/oauth-clients": {
    "kv/data/oauth/+/+": "create, read, update",
    "kv/metadata/oauth/+/+": "delete",
    "auth/oidc/config": "create, update",
  },
  "iam/hydra-keyring": { "kv/data/iam/hydra": "create, read, update" },
  "iam/kratos-keyring": { "kv/data/iam/kratos": "create, read, update" },
  "iam/identity-keyring": { "kv/data/iam/identity": "create, read, update" },
  "example/postgres": {},
  "example/web": {
    "kv/data/example/web": "read",
    "kv/data/oauth/example/example": "read",
    "database/creds/example-example": "read",
    "sys/leases/revoke": "update",
  },
  "example/web-keyring": { "kv/data/example/web": "create, read, update" },
};

describe("the policy of an application in Vault", () => {
  it("is known for every application of the map", () => {
    assert.deepEqual([...map.applications.keys()].sort(), Object.keys(expected).sort());
  });

  for (const name of map.applications.keys()) {
    it(`allows to ${name} what its relations say and nothing else`, () => {
      assert.deepEqual(rightsOf(name), expected[name]);
    });
  }

  it("lets an application revoke the leases of its own database users only", () => {
    assert.match(policyOf(map, "iam/hydra"), /"lease_id" = \["database\/creds\/iam-hydra\/\*"\]/);
  });

  it("has a wildcard for the controller of OAuth2 clients alone, and it matches credentials of clients only", () => {
    for (const name of map.applications.keys()) {
      const wildcards = Object.keys(rightsOf(name)).filter((path) => /[*+]/.test(path));
      const allowed = name === "iam/oauth-clients" ? ["kv/data/oauth/+/+", "kv/metadata/oauth/+/+"] : [];
      assert.deepEqual(wildcards, allowed, name);
    }
  });

  it("reaches the keys of no other application, except that a keyring writes those of its own application", () => {
    for (const name of map.applications.keys()) {
      const { layer, app } = partsOf(name);
      const keys = Object.keys(rightsOf(name)).filter(
        (path) => path.startsWith(`${engines.kv}/`) && !/^kv\/(data|metadata)\/(oauth|settings)\//.test(path),
      );
      const own = consumed(map, name, "vault-api").find(({ use }) => use === "keyring")?.keysOf ?? app;
      assert.deepEqual(
        keys.filter((path) => path !== `${engines.kv}/data/${layer}/${own}`),
        [],
        name,
      );
    }
  });

  it("reaches the settings, clients and databases of its own layer only", () => {
    for (const name of map.applications.keys()) {
      const { layer } = partsOf(name);
      const shared = Object.keys(rightsOf(name)).filter((path) =>
        /^(kv\/data\/(settings|oauth)|database)\//.test(path),
      );
      const own = [`kv/data/settings/${layer}/`, `kv/data/oauth/${layer}/`, `database/creds/${layer}-`];
      const foreign = shared.filter((path) => !own.some((prefix) => path.startsWith(prefix)) && !path.includes("+"));
      assert.deepEqual(foreign, [], name);
    }
  });

  it("is the same in a stack of the layer alone and in a stack of all layers", () => {
    const alone = assembleMap(layers.map(({ mapPart }) => mapPart));
    for (const name of alone.applications.keys()) {
      assert.equal(policyOf(alone, name), policyOf(map, name));
    }
  });
});
