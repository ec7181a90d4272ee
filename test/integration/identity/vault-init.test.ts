import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { deployerLogin } from "../../../components/vault/self-init.ts";
import { hashiCorpVaultConfiguration, openBaoConfiguration } from "../../../components/vault/server-configuration.ts";
import { httpExchange } from "../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { startVault, type ServerParameters, type TestVault } from "../toolchain/vault/openbao.ts";
import { onLoopback, serverFiles, staticSeal } from "../vault/loopback-server.ts";
import { reviewedAt, reviewTokens, type TokenReviews } from "../vault/token-review.ts";
import { Program, type Outcome } from "./program.ts";
import { SecretApi, type Fate } from "./secret-api.ts";
import { freePort } from "../../support/free-port.ts";

const secretName = { namespace: "iam", name: "vault-init" };
const json = z.record(z.string(), z.unknown());

/** An OpenBao that works like HashiCorp Vault: it takes audit devices through the API. Its seal needs no second Vault. */
function likeVault(parameters: ServerParameters): string {
  const files = serverFiles(parameters);
  const transit = { kind: "transit", address: "https://127.0.0.1:1", keyName: "none", mountPath: "transit" } as const;
  const { seal } = json.parse(
    JSON.parse(openBaoConfiguration({ ...files, seal: staticSeal(parameters), auditFile: "", firstRequests: [] })),
  );
  const vault = json.parse(JSON.parse(hashiCorpVaultConfiguration({ ...files, seal: transit })));
  return onLoopback(JSON.stringify({ ...vault, seal, unsafe_allow_api_audit_creation: true }), parameters);
}

/** An OpenBao whose configuration declares the audit device, so that the API cannot create it. */
function withDeclaredAudit(parameters: ServerParameters): string {
  const { folder } = parameters;
  const args = {
    ...serverFiles(parameters),
    seal: staticSeal(parameters),
    auditFile: `${folder}/audit.log`,
    firstRequests: [],
  };
  return onLoopback(openBaoConfiguration(args), parameters);
}

/** A Vault that is not initialised, a Kubernetes API that stores the result, and the command that uses both. */
class Scenario {
  readonly #server: TestVault;
  readonly #reviews: TokenReviews;
  readonly #reviewPort: number;
  readonly secret: SecretApi;
  readonly program: Program;

  private constructor(
    server: TestVault,
    reviews: TokenReviews,
    reviewPort: number,
    secret: SecretApi,
    program: Program,
  ) {
    this.#server = server;
    this.#reviews = reviews;
    this.#reviewPort = reviewPort;
    this.secret = secret;
    this.program = program;
  }

  static async start(configuration = likeVault): Promise<Scenario> {
    const server = await startVault({ configuration, uninitialised: true });
    const reviewPort = await freePort();
    const reviews = await reviewTokens(server.folder, reviewPort);
    const secret = await SecretApi.serve(server.folder, secretName);
    return new Scenario(server, reviews, reviewPort, secret, await Program.prepare(server.caCertFile));
  }

  /** @param signal - kills the command, like the loss of its node */
  run(signal?: AbortSignal): Promise<Outcome> {
    const config = {
      address: this.#server.address,
      requests: reviewedAt(deployerLogin("iam"), this.#reviewPort, readFileSync(this.#server.caCertFile, "utf8")),
      auditFile: join(this.#server.folder, "audit.log"),
      secret: secretName,
      kubernetes: { server: this.secret.url, tokenFile: this.secret.tokenFile, caFile: this.secret.caFile },
    };
    return this.program.run("init-vault", config, [], signal);
  }

  /** Runs the command and kills it when it writes this state to the Secret. */
  async killAt(state: string, fate: Fate): Promise<void> {
    const killed = new AbortController();
    this.secret.fate = (written) => {
      if (written !== state) {
        return "done";
      }
      killed.abort();
      return fate;
    };
    const { exitCode } = await this.run(killed.signal);
    assert.equal(exitCode, undefined);
    this.secret.fate = () => "done";
  }

  /** Sends a request to Vault. @returns the status and the body of the response */
  async request(method: "GET" | "POST", path: string, token: string, body?: object): Promise<[number, unknown]> {
    const authorities = [await readFile(this.#server.caCertFile, "utf8")];
    const { address } = this.#server;
    const exchange = httpExchange({ address, authorities, verify: true, serverName: undefined });
    const headers: Record<string, string> = token === "" ? {} : { "x-vault-token": token };
    const answer = await exchange({ method, path, headers, body: body && JSON.stringify(body) });
    return [answer.status, answer.body === "" ? {} : JSON.parse(answer.body)];
  }

  /** Logs the deployer in. @returns the status of the response */
  async deployerLoginStatus(): Promise<number> {
    const jwt = this.#reviews.tokenFor({ namespace: "iam", name: "pulumi", audience: "vault" });
    const [status] = await this.request("POST", "auth/kubernetes/login", "", { role: "pulumi", jwt });
    return status;
  }

  auditLog(): Promise<string> {
    return readFile(join(this.#server.folder, "audit.log"), "utf8");
  }

  async stop(): Promise<void> {
    await this.program.remove();
    await this.secret.stop();
    this.#reviews.close();
    await this.#server.remove();
  }
}

const keysIn = (values: Readonly<Record<string, string>> | undefined): string[] =>
  z.array(z.base64()).parse(JSON.parse(values?.["recoveryKeys"] ?? ""));

describe("The command init-vault on a real OpenBao that is not initialised", function () {
  this.timeout(120_000);

  describe("without interruption", () => {
    let scenario: Scenario;
    let rootToken = "";

    before(async () => {
      scenario = await Scenario.start();
      scenario.secret.fate = () => {
        rootToken = scenario.secret.values?.["rootToken"] ?? rootToken;
        return "done";
      };
    });

    after(() => scenario.stop());

    it("initialises the server, and saves only the recovery keys", async () => {
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.deepEqual(Object.keys(scenario.secret.values ?? {}).sort(), ["recoveryKeys", "state"]);
      assert.equal(scenario.secret.values?.["state"], "done");
      assert.equal(new Set(keysIn(scenario.secret.values)).size, 3);
    });

    it("configures the login of the deployer", async () => {
      assert.equal(await scenario.deployerLoginStatus(), 200);
    });

    it("revokes the root token", async () => {
      assert.match(rootToken, /^\S{10,}$/);
      const [status] = await scenario.request("GET", "auth/token/lookup-self", rootToken);
      assert.equal(status, 403);
    });

    it("enables the audit log before the other requests with the root token", async () => {
      const log = await scenario.auditLog();
      for (const path of ["sys/auth/kubernetes", "auth/kubernetes/role/pulumi", "auth/token/revoke-self"]) {
        assert(log.includes(`"path":"${path}"`), path);
      }
    });

    it("changes nothing when it runs again", async () => {
      const before = scenario.secret.values;
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 0);
      assert.deepEqual(
        lines.map(({ msg }) => msg),
        ["Vault is initialised already"],
      );
      assert.deepEqual(scenario.secret.values, before);
    });

    it("does not suggest deleting a Vault whose Secret was deleted", async () => {
      const values = scenario.secret.values;
      scenario.secret.put(undefined);
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /initialised, but the Secret does not exist/);
      assert.doesNotMatch(String(lines.at(-1)?.["remedy"]), /delete/);
      scenario.secret.put(values);
    });

    it("never logs a key or a token", () => {
      for (const value of [rootToken, ...keysIn(scenario.secret.values)]) {
        assert(!scenario.program.written.includes(value));
        assert(!scenario.program.written.includes(Buffer.from(value, "base64").toString("hex")));
      }
    });
  });

  describe("killed at each step", () => {
    let scenario: Scenario;
    let rootToken = "";

    before(async () => {
      scenario = await Scenario.start();
    });

    after(() => scenario.stop());

    const kills: readonly (readonly [moment: string, state: string, fate: Fate, savedState: string])[] = [
      ["before the initialisation", "initialising", "answer lost", "initialising"],
      ["after the keys are saved", "initialised", "answer lost", "initialised"],
      ["after the configuration, before this state is saved", "configured", "lost", "initialised"],
      ["before the revocation of the root token", "configured", "answer lost", "configured"],
      ["after the revocation, before this state is saved", "done", "lost", "configured"],
    ];
    for (const [moment, state, fate, savedState] of kills) {
      it(`resumes and can be killed ${moment}`, async () => {
        await scenario.killAt(state, fate);
        assert.equal(scenario.secret.values?.["state"], savedState);
        rootToken = scenario.secret.values["rootToken"] ?? "";
      });
    }

    it("resumes and completes the initialisation", async () => {
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.equal(scenario.secret.values?.["state"], "done");
      assert.equal(scenario.secret.values["rootToken"], undefined);
      assert.equal(keysIn(scenario.secret.values).length, 3);
      assert.equal(await scenario.deployerLoginStatus(), 200);
      const [status] = await scenario.request("GET", "auth/token/lookup-self", rootToken);
      assert.equal(status, 403);
    });
  });

  describe("killed before it saves the result of the initialisation", () => {
    let scenario: Scenario;
    before(async () => {
      scenario = await Scenario.start();
      await scenario.killAt("initialised", "lost");
    });
    after(() => scenario.stop());

    it("names what was lost and the commands to start again", async () => {
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 1);
      const [line, ...others] = lines;
      assert.deepEqual(others, []);
      assert.equal(
        line?.msg,
        "Vault was initialised and the result was lost before it was saved; nothing is stored in Vault yet",
      );
      assert.equal(line["where"], "Secret iam/vault-init");
      assert.match(String(line["remedy"]), /kubectl -n iam delete secret vault-init\n.*claims data-vault-\*/);
      assert.equal(scenario.secret.values?.["state"], "initialising");
    });
  });

  describe("in an unexpected state", () => {
    let scenario: Scenario;
    before(async () => {
      scenario = await Scenario.start(withDeclaredAudit);
    });
    after(() => scenario.stop());

    it("keeps the keys of an earlier Vault, and does not initialise the empty one", async () => {
      const previous = { state: "done", recoveryKeys: '["a","b","c"]' };
      scenario.secret.put(previous);
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /contains the recovery keys of an earlier Vault/);
      assert.deepEqual(scenario.secret.values, previous);
      scenario.secret.put(undefined);
    });

    it("does not initialise a Vault when it cannot save the result", async () => {
      scenario.secret.mayPatch = false;
      const { exitCode, lines } = await scenario.run();
      scenario.secret.mayPatch = true;
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /Kubernetes refused to change the Secret \(403\)/);
      assert.match(String(lines.at(-1)?.["remedy"]), /get and patch the one called vault-init/);
      assert.deepEqual(await scenario.request("GET", "sys/init", ""), [200, { initialized: false }]);
    });

    it("accepts an audit device that is declared already", async () => {
      const { exitCode, lines } = await scenario.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.equal(lines.find(({ request }) => request === "audit")?.msg, "exists already");
      assert((await scenario.auditLog()).includes('"path":"auth/token/revoke-self"'));
    });
  });
});
