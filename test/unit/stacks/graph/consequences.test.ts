import assert from "node:assert/strict";
import type { PlatformMap } from "../../../../stacks/graph/check.ts";
import {
  declaredClients,
  openingsInto,
  partsOf,
  peopleClient,
  policyOf,
  type NamedOpening,
} from "../../../../stacks/graph/consequences.ts";
import { applications, relations, type ApplicationName, type DeclaredClient } from "../../../../stacks/relations.ts";

const platform: PlatformMap = { applications, relations };

/** An opening in one line: from whom, to whom, on which ports. */
function line({ from, to, ports }: NamedOpening): string {
  return `${from.namespace}/${from.application ?? "*"} > ${to.namespace}/${to.application} ${ports.join()}`;
}

/** What a policy allows, path by path, beyond looking after its own token. */
function allowed(policy: string): Record<string, string> {
  const rules = [...policy.matchAll(/^path "([^"]+)" \{\n {2}capabilities = \[([^\]]*)\]/gm)];
  const pairs = rules.map(([, path = "", what = ""]) => [path, what.replaceAll('"', "")] as const);
  return Object.fromEntries(pairs.filter(([path]) => !path.startsWith("auth/token/")));
}

describe("the openings into a layer", () => {
  it("are exactly those that the table of relations says, and none for who is brought its secrets", () => {
    assert.deepEqual(openingsInto(platform, "iam").map(line).sort(), [
      "cnpg-system/* > iam/postgres 5432,8000",
      "iam/hydra > iam/postgres 5432",
      "iam/hydra-keyring > iam/vault 8200",
      "iam/identity > iam/hydra 4445",
      "iam/identity > iam/kratos 4433,4434",
      "iam/identity-keyring > iam/vault 8200",
      "iam/kratos > iam/hydra 4445",
      "iam/kratos > iam/postgres 5432",
      "iam/kratos-keyring > iam/vault 8200",
      "iam/oauth-clients > iam/hydra 4445",
      "iam/oauth-clients > iam/vault 8200",
      "iam/postgres > iam/postgres 5432,8000",
      "iam/vault > iam/postgres 5432",
      "iam/vault > iam/vault 8200,8201",
      "iam/vault-init > iam/vault 8200",
      "ingress/* > iam/hydra 4444",
      "ingress/* > iam/identity 8443",
      "ingress/* > iam/kratos 4433",
      "ingress/* > iam/vault 8200",
      "vault-secrets-operator-system/* > iam/vault 8200",
    ]);
  });

  it("never let the front door to an admin API", () => {
    const ports = openingsInto(platform, "iam").flatMap(({ from, ports }) =>
      from.namespace === "ingress" ? ports : [],
    );
    assert(!ports.includes(4445) && !ports.includes(4434));
  });

  const offers = { web: [443], identity: [4433, 443] };
  const small = (edges: PlatformMap["relations"]): PlatformMap => ({
    applications: { "iam/a": { offers }, "iam/b": {}, "bibind/odoo": {} },
    relations: edges,
  });

  it("are one for each two ends, with the ports of all their relations in order, each once", () => {
    const edges = [
      { consumer: "iam/b", endpoint: "iam/a", interface: "identity" },
      { consumer: "iam/b", endpoint: "iam/a", interface: "web" },
    ] as const;
    assert.deepEqual(openingsInto(small(edges), "iam").map(line), ["iam/b > iam/a 443,4433"]);
  });

  it("are those of this layer's applications alone, named after both ends", () => {
    const edges = [{ consumer: "bibind/odoo", endpoint: "iam/a", interface: "web" }] as const;
    assert.deepEqual(openingsInto(small(edges), "bibind"), []);
    assert.deepEqual(
      openingsInto(small(edges), "iam").map(({ name }) => name),
      ["iam-a-from-bibind-odoo"],
    );
  });

  it("are none for who is only an OAuth2 client", () => {
    const client: DeclaredClient = { clientId: "x", name: "X", grantTypes: ["client_credentials"], scopes: [] };
    const map = small([{ consumer: "iam/b", endpoint: "iam/a", interface: "oauth", client }]);
    assert.deepEqual(
      openingsInto({ ...map, applications: { "iam/a": { offers: { oauth: [4444] } }, "iam/b": {} } }, "iam"),
      [],
    );
  });

  it("have names of their own, of which none is given twice", () => {
    const names = openingsInto(platform, "iam").map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe("what an application may do in Vault", () => {
  const expected: Readonly<Record<ApplicationName, Record<string, string>>> = {
    "iam/hydra": { "kv/data/iam/hydra": "read", "database/creds/iam-hydra": "read" },
    "iam/kratos": {
      "kv/data/iam/kratos": "read",
      "kv/data/settings/mail": "read",
      "database/creds/iam-kratos": "read",
    },
    "iam/identity": { "kv/data/iam/identity": "read" },
    "iam/hydra-keyring": { "kv/data/iam/hydra": "create, read, update" },
    "iam/kratos-keyring": { "kv/data/iam/kratos": "create, read, update" },
    "iam/identity-keyring": { "kv/data/iam/identity": "create, read, update" },
    "iam/people": { "kv/data/oauth/vault": "read" },
    "iam/postgres": {},
    "iam/vault-init": {},
  };
  for (const [name, rules] of Object.entries(expected)) {
    it(`is for ${name}: ${Object.keys(rules).join(", ") || "nothing"}`, () => {
      const [layer = "", app = ""] = name.split("/");
      assert.equal(layer, "iam");
      assert.deepEqual(allowed(policyOf(platform, `iam/${app}`)), rules);
    });
  }

  it("is for the reconciler the OAuth2 clients' credentials, and no application's own secret", () => {
    const rules = allowed(policyOf(platform, "iam/oauth-clients"));
    assert.equal(rules["kv/data/oauth/+"], "create, read, update");
    assert.deepEqual(
      Object.keys(rules).filter((path) => path.startsWith("kv/data/iam")),
      [],
    );
  });

  it("is nothing of a database whose password it does not read itself", () => {
    const rules = allowed(policyOf(platform, "iam/vault"));
    assert.deepEqual(
      Object.keys(rules).filter((path) => path.startsWith("database/")),
      [],
    );
  });

  it("never holds a wildcard that would reach another application's secrets", () => {
    for (const name of Object.keys(applications)) {
      const [, app = ""] = name.split("/");
      const reaching = Object.keys(allowed(policyOf(platform, `iam/${app}`))).filter((path) =>
        /\*|kv\/data\/\+/.test(path),
      );
      assert.deepEqual(reaching, [], name);
    }
  });
});

describe("the OAuth2 clients of the platform", () => {
  it("are those of the relations and those of the settings, and no other", () => {
    const outside: DeclaredClient = {
      clientId: "reports",
      name: "Reports",
      grantTypes: ["client_credentials"],
      scopes: ["vm:read"],
    };
    assert.deepEqual(
      declaredClients(platform, [], "bibind.test").map(({ clientId }) => clientId),
      ["vault"],
    );
    assert.deepEqual(declaredClients(platform, [outside], "bibind.test").at(-1), {
      clientId: "reports",
      name: "Reports",
      grantTypes: ["client_credentials"],
      responseTypes: [],
      redirectUris: [],
      postLogoutRedirectUris: [],
      scopes: ["vm:read"],
      audience: [],
      tokenEndpointAuthMethod: "client_secret_basic",
      skipConsent: false,
      secretGeneration: 1,
    });
  });

  it("send people back to hosts of the environment's domain, over TLS", () => {
    assert.deepEqual(peopleClient(platform, "bibind.test").redirectUris, [
      "https://vault.bibind.test/ui/vault/auth/oidc/oidc/callback",
      "http://localhost:8250/oidc/callback",
    ]);
  });

  it("sign in by code where people do", () => {
    assert.deepEqual(peopleClient(platform, "bibind.test").responseTypes, ["code"]);
  });

  it("do not ask people to agree to what is a part of the platform", () => {
    assert.equal(peopleClient(platform, "bibind.test").skipConsent, true);
  });
});

describe("the name of an application", () => {
  it("has two parts", () => {
    assert.deepEqual(partsOf("iam/hydra-keyring"), { layer: "iam", app: "hydra-keyring" });
  });
});
