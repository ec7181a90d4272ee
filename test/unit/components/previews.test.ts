import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { ApplicationKeys } from "../../../components/access/application-keys.ts";
import { OAuthClient } from "../../../components/access/oauth-client.ts";
import { PipelineAccess } from "../../../components/access/pipeline-access.ts";
import { StoredSetting } from "../../../components/access/stored-setting.ts";
import { TransitKey } from "../../../components/access/transit-key.ts";
import { ExistingCluster } from "../../../components/cluster/existing.ts";
import { MicroK8s } from "../../../components/cluster/microk8s.ts";
import { ClientController } from "../../../components/identity/client-controller.ts";
import { Hydra } from "../../../components/identity/hydra.ts";
import { Kratos } from "../../../components/identity/kratos.ts";
import { SignInPages } from "../../../components/identity/sign-in-pages.ts";
import { CertificateIssuer } from "../../../components/kubernetes/certificate-issuer.ts";
import { ChangeGuard } from "../../../components/kubernetes/change-guard.ts";
import { FrontDoor } from "../../../components/kubernetes/front-door.ts";
import { HelmChart } from "../../../components/kubernetes/helm-chart.ts";
import { Model } from "../../../components/kubernetes/model.ts";
import { Opening } from "../../../components/kubernetes/opening.ts";
import { VaultCore } from "../../../components/vault/core.ts";
import { VaultInit } from "../../../components/vault/init.ts";
import { VaultPeople } from "../../../components/vault/people.ts";
import { VaultServer } from "../../../components/vault/server.ts";
import { VaultSession } from "../../../components/vault/session.ts";
import { identityOf } from "../../support/app-identity.ts";
import { bareHost } from "../../support/bare-host.ts";
import { record } from "../../support/mocks.ts";
import { oryServer, secretOf, signInPages, signInServer } from "../../support/sign-in-server.ts";
import { unknownNames } from "../../support/unknown.ts";
import { noSession } from "../../support/vault-session.ts";

/** A value that no preview knows, because the provider of the resource `name` makes it. */
const made = (name: string): pulumi.Output<string> => new RandomPassword(name, { length: 8 }).result;

const image = "identity:1";
const vaultAddress = "https://vault.iam.svc:8200";

/** Programs that construct every component, by what they construct. Certificates and kubeconfigs are not known yet. */
const programs: Readonly<Record<string, () => unknown>> = {
  "a cluster": () => {
    const nodes = [{ name: "second", host: bareHost("second", "192.0.2.2"), role: "worker" as const }];
    const host = bareHost("host", "192.0.2.1");
    return [
      new MicroK8s("cluster", { host, channel: "1.34/stable", addons: ["dns"], nodes }),
      new ExistingCluster("existing", { kubeconfig: made("kubeconfig") }),
    ];
  },
  "a model": () => [
    new CertificateIssuer(
      "certificates",
      { issuerName: "bibind", ingressClass: "public", authority: { issuer: "internal", commonName: "CA" } },
      {},
    ),
    new Model("iam", { model: "iam", caCertificate: made("ca") }, {}),
    new ChangeGuard("changes", { programs: ["iam"] }, {}),
    new FrontDoor("front-door", { namespace: "ingress" }, {}),
    new Opening("opening", { from: { namespace: "a" }, to: { namespace: "iam", application: "b" }, ports: [1] }, {}),
    new HelmChart(
      "chart",
      { chart: "c", repository: "https://c.test/", version: "1.0.0", into: { namespace: "c" } },
      {},
    ),
  ],
  "Hydra with its access": () => new Hydra("hydra-server", oryServer("hydra"), {}),
  "Kratos with its access": () => {
    const server = oryServer("kratos");
    const mail = secretOf(server.identity, "mail");
    const mailFrom = { address: "no-reply@bibind.test", name: "Bibind" };
    return new Kratos("kratos-server", { ...server, domain: "bibind.test", returnHosts: [], mail, mailFrom }, {});
  },
  "the sign-in pages": () => new SignInPages("pages", signInPages(), {}),
  "the OAuth2 clients": () => {
    const signIn = {
      clientId: "vault",
      namespace: "iam",
      issuer: "https://auth.bibind.test",
      caCertificate: made("ca"),
      defaultRole: "person",
    };
    const identity = identityOf("oauth-clients");
    const redirectUris = ["https://vault.bibind.test/callback"];
    const internalCaCertificate = made("internal-ca");
    return [
      new ClientController(
        "controller",
        { model: "iam", identity, vaultAddress, image, internalCaCertificate, signIn },
        {},
      ),
      new OAuthClient(
        "client",
        {
          namespace: "iam",
          clientId: "vault",
          name: "Vault",
          grantTypes: ["authorization_code"],
          scopes: ["openid"],
          audience: [],
          redirectUris,
          skipConsent: true,
          secretGeneration: 1,
        },
        {},
      ),
      new VaultPeople("people", { accessor: made("accessor"), redirectUris }, {}),
    ];
  },
  Vault: () => {
    const server = new VaultServer(
      "vault",
      {
        distribution: "openbao",
        chart: { chart: "openbao", repository: "https://charts.test/", version: "0.29.2" },
        model: "iam",
        replicas: 1,
        storageGiB: 2,
        storageClass: "local",
        seal: { kind: "static", key: made("seal-key") },
        host: "vault.bibind.test",
        edgeCertificate: signInServer("identity").edgeCertificate,
        ingressClass: "public",
        clusterIssuer: "internal",
      },
      {},
    );
    const session = new VaultSession(
      "session",
      {
        kubeconfig: made("kubeconfig"),
        namespace: "iam",
        address: server.address,
        caCertificate: made("ca"),
        ready: server.chart.release.id.apply(() => true),
        openSession: noSession,
      },
      {},
    );
    const recovery = { shares: 3, threshold: 2 };
    return [
      new VaultInit("init", { model: "iam", address: server.firstAddress, image, recovery }, {}),
      new VaultCore("core", { domain: "bibind.test" }, session.options),
    ];
  },
  "what an application keeps in Vault": () => {
    const keys = { secretsSystem: { length: 32 } };
    const app = { layer: "iam", application: "hydra" };
    return [
      new ApplicationKeys("keys", { ...app, keeper: identityOf("hydra-keyring"), vaultAddress, image, keys }, {}),
      new StoredSetting("mail", { layer: "iam", setting: "mail", values: { connection: made("connection") } }, {}),
      new TransitKey("transit", app, {}),
      new PipelineAccess("pipeline", { role: "deploy", policy: "", audience: "vault", projectId: made("project") }, {}),
    ];
  },
};

describe("In the preview of a first deployment", () => {
  const previewed = async (program: () => unknown) => (await record(program, { preview: true })).resources;

  for (const [what, program] of Object.entries(programs)) {
    it(`no name, namespace or secret name of ${what} is unknown`, async () => {
      assert.deepEqual(unknownNames(await previewed(program)), []);
    });
  }

  it("every component is looked at", async () => {
    const constructed = new Set<string>();
    for (const program of Object.values(programs)) {
      (await previewed(program)).forEach(({ type }) => constructed.add(type));
    }
    const folder = join(import.meta.dirname, "..", "..", "..", "components");
    const text = globSync("**/*.ts", { cwd: folder }).map((file) => readFileSync(join(folder, file), "utf8"));
    const tokens = [...text.join("\n").matchAll(/"(bibind:[a-z]+:\w+)"/g)].map((match) => String(match[1]));
    assert(tokens.length > 20);
    assert.deepEqual(
      tokens.filter((token) => !constructed.has(token)),
      [],
    );
  });
});

describe("unknownNames", () => {
  it("finds a name, a namespace and a secret name that a provider makes", async () => {
    const { resources } = await record(
      () => [
        new ConfigMap("one", { metadata: { name: made("name"), namespace: "iam" }, data: { name: made("data") } }),
        new ConfigMap("two", { metadata: made("metadata").apply((namespace) => ({ namespace })) }),
      ],
      { preview: true },
    );
    assert.deepEqual(unknownNames(resources), ["one.data.name", "one.metadata.name", "two.metadata"]);
  });

  it("finds nothing in inputs that are known", async () => {
    const { resources } = await record(() => new ConfigMap("one", { metadata: { name: "one", namespace: "iam" } }), {
      preview: true,
    });
    assert.deepEqual(unknownNames(resources), []);
  });
});
