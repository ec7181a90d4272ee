import assert from "node:assert/strict";
import { z } from "zod";
import {
  engineSucceeds,
  foundationOutputs,
  iamOutputs,
  Kubectl,
  ensureSandboxIsUp,
  type Iam,
} from "../../support/sandbox.ts";
import { eventually } from "../../support/eventually.ts";
import { DeclaredClient, hydraAdmin, inHydra, introspect } from "../../support/hydra-client.ts";
import { Web } from "../../support/web.ts";

const audience = "https://reports.bibind.test";

const list = z.object({ items: z.array(z.object({ client_id: z.string() })) });
const created = z.object({ client_id: z.string() });

describe("OAuth2 clients on the sandbox", function () {
  this.timeout(600_000);
  let web: Web;
  let iam: Iam;
  let kubectl: Kubectl;
  let client: DeclaredClient;

  const clientIds = async (): Promise<string[]> => {
    const output = await kubectl.run(...inHydra, "list", "oauth2-clients", ...hydraAdmin);
    return list.parse(JSON.parse(output)).items.map(({ client_id }) => client_id);
  };
  const up = (): Promise<string> => engineSucceeds("up", "--yes", "--skip-preview");

  before(async () => {
    await ensureSandboxIsUp();
    kubectl = await Kubectl.ofSandbox();
    iam = await iamOutputs();
    web = new Web((await foundationOutputs()).caCertificate);
    client = await DeclaredClient.deployed("e2e-reports", kubectl, web, iam, [audience]);
  });

  after(async () => {
    await up();
    await web.close();
  });

  it("get an active token for the requested audience with their secret from Vault", async () => {
    const { active, client_id, aud } = await introspect(kubectl, await client.token(audience));
    assert.deepEqual({ active, client_id, aud }, { active: true, client_id: client.id, aud: [audience] });
  });

  it("get no token with a wrong secret, and none for another audience", async () => {
    assert.equal(await client.tokenStatus({ secret: "wrong", audience }), 401);
    assert.equal(await client.tokenStatus({ audience: "https://elsewhere.example" }), 400);
  });

  it("are reported and deleted when somebody created them by hand", async () => {
    const args = ["--name", "by hand", "--grant-type", "client_credentials"] as const;
    const output = await kubectl.run(...inHydra, "create", "oauth2-client", ...args, ...hydraAdmin);
    const { client_id } = created.parse(JSON.parse(output));
    assert((await clientIds()).includes(client_id));
    // The controller compares Hydra with the declared clients when it starts, and then every ten minutes.
    await kubectl.run("-n", "iam", "rollout", "restart", "deployment/oauth-clients");
    await kubectl.run("-n", "iam", "rollout", "status", "deployment/oauth-clients", "--timeout=120s");
    await eventually("the client is deleted", 60, async () => assert(!(await clientIds()).includes(client_id)));
    const log = await kubectl.run("-n", "iam", "logs", "deployment/oauth-clients");
    assert.match(log, new RegExp(`"client":"${client_id}".*made by hand`));
  });

  it("are deleted from Hydra when no setting declares them any more", async () => {
    assert((await clientIds()).includes(client.id));
    await up();
    assert.deepEqual(await clientIds(), ["vault"]);
  });
});
