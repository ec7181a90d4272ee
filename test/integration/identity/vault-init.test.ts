import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { deployerLogin } from "../../../components/vault/self-init.ts";
import { hashiCorpVaultConfiguration, openBaoConfiguration } from "../../../components/vault/server-configuration.ts";
import { httpExchange } from "../../../sandbox/toolchain/plugins/vault/server/http.ts";
import { startVault, type ServerParameters, type TestVault } from "../toolchain/vault/openbao.ts";
import { onLoopback, staticSeal } from "../vault/loopback-server.ts";
import { reviewTokens, type TokenReviews } from "../vault/token-review.ts";
import { Program, type Outcome } from "./program.ts";
import { SecretApi, type Fate } from "./secret-api.ts";
import { freePort } from "../../support/free-port.ts";

const place = { namespace: "iam", name: "vault-init" };
const json = z.record(z.string(), z.unknown());

/** OpenBao in HashiCorp Vault's place: audit devices by the API, and a seal that needs no second Vault. */
function inPlaceOfVault(places: ServerParameters): string {
  const transit = { kind: "transit", address: "https://127.0.0.1:1", keyName: "none" } as const;
  const { seal } = json.parse(
    JSON.parse(openBaoConfiguration({ ...onLoopback(places), seal: staticSeal(places), auditFile: "" })),
  );
  const ofVault = json.parse(JSON.parse(hashiCorpVaultConfiguration({ ...onLoopback(places), seal: transit })));
  return JSON.stringify({ ...ofVault, seal, unsafe_allow_api_audit_creation: true });
}

/** An OpenBao that declares its audit device, which the API then may not make. */
function withDeclaredAudit(places: ServerParameters): string {
  const { folder } = places;
  return openBaoConfiguration({ ...onLoopback(places), seal: staticSeal(places), auditFile: `${folder}/audit.log` });
}

/** A server that nobody has initialised, the Kubernetes that keeps the result, and the program between them. */
class Stage {
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

  static async set(configuration = inPlaceOfVault): Promise<Stage> {
    const server = await startVault({ configuration, uninitialised: true });
    const reviewPort = await freePort();
    const reviews = await reviewTokens(server.folder, reviewPort);
    const secret = await SecretApi.serve(server.folder, place);
    return new Stage(server, reviews, reviewPort, secret, await Program.prepare(server.caCertFile));
  }

  /** @param signal - ends the run as the loss of its node would */
  run(signal?: AbortSignal): Promise<Outcome> {
    const config = {
      address: this.#server.address,
      requests: deployerLogin({
        namespace: "iam",
        kubernetesHost: `https://127.0.0.1:${this.#reviewPort}`,
        kubernetesCaCert: readFileSync(this.#server.caCertFile, "utf8"),
      }),
      auditFile: join(this.#server.folder, "audit.log"),
      secret: place,
      kubernetes: { server: this.secret.url, tokenFile: this.secret.tokenFile, caFile: this.secret.caFile },
    };
    return this.program.run("init-vault", config, [], signal);
  }

  /** A run that is killed when it notes a state. */
  async killedAt(state: string, fate: Fate): Promise<void> {
    const killed = new AbortController();
    this.secret.fate = (noted) => {
      if (noted !== state) {
        return "done";
      }
      killed.abort();
      return fate;
    };
    const { exitCode } = await this.run(killed.signal);
    assert.equal(exitCode, undefined);
    this.secret.fate = () => "done";
  }

  async ask(method: "GET" | "POST", path: string, token: string, body?: object): Promise<[number, unknown]> {
    const authorities = [await readFile(this.#server.caCertFile, "utf8")];
    const { address } = this.#server;
    const exchange = httpExchange({ address, authorities, verify: true, serverName: undefined });
    const headers: Record<string, string> = token === "" ? {} : { "x-vault-token": token };
    const answer = await exchange({ method, path, headers, body: body && JSON.stringify(body) });
    return [answer.status, answer.body === "" ? {} : JSON.parse(answer.body)];
  }

  /** Status of the deployer's login. */
  async deployerLogsIn(): Promise<number> {
    const jwt = this.#reviews.tokenFor({ namespace: "iam", name: "pulumi", audience: "vault" });
    const [status] = await this.ask("POST", "auth/kubernetes/login", "", { role: "pulumi", jwt });
    return status;
  }

  auditLog(): Promise<string> {
    return readFile(join(this.#server.folder, "audit.log"), "utf8");
  }

  async end(): Promise<void> {
    await this.program.remove();
    await this.secret.stop();
    this.#reviews.close();
    await this.#server.remove();
  }
}

const keysIn = (kept: Readonly<Record<string, string>> | undefined): string[] =>
  z.array(z.base64()).parse(JSON.parse(kept?.["recoveryKeys"] ?? ""));

describe("The command init-vault on a real server that nobody has initialised", function () {
  this.timeout(120_000);

  describe("run to its end", () => {
    let stage: Stage;
    let rootToken = "";

    before(async () => {
      stage = await Stage.set();
      stage.secret.fate = () => {
        rootToken = stage.secret.kept?.["rootToken"] ?? rootToken;
        return "done";
      };
    });

    after(() => stage.end());

    it("initialises it, keeps the recovery keys and nothing else", async () => {
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.deepEqual(Object.keys(stage.secret.kept ?? {}).sort(), ["recoveryKeys", "state"]);
      assert.equal(stage.secret.kept?.["state"], "done");
      assert.equal(new Set(keysIn(stage.secret.kept)).size, 3);
    });

    it("lets the deployer in", async () => {
      assert.equal(await stage.deployerLogsIn(), 200);
    });

    it("revokes the root token: the server refuses it", async () => {
      assert.match(rootToken, /^\S{10,}$/);
      const [status] = await stage.ask("GET", "auth/token/lookup-self", rootToken);
      assert.equal(status, 403);
    });

    it("has everything that it did with the root token in the audit log", async () => {
      const log = await stage.auditLog();
      for (const path of ["sys/auth/kubernetes", "auth/kubernetes/role/pulumi", "auth/token/revoke-self"]) {
        assert(log.includes(`"path":"${path}"`), path);
      }
    });

    it("does nothing when it runs again", async () => {
      const before = stage.secret.kept;
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 0);
      assert.deepEqual(
        lines.map(({ msg }) => msg),
        ["Vault is initialised already"],
      );
      assert.deepEqual(stage.secret.kept, before);
    });

    it("never empties a Vault whose Secret was deleted", async () => {
      const kept = stage.secret.kept;
      stage.secret.put(undefined);
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /initialised, but the Secret is not there/);
      assert.doesNotMatch(String(lines.at(-1)?.["remedy"]), /delete/);
      stage.secret.put(kept);
    });

    it("never wrote a key or a token", () => {
      for (const value of [rootToken, ...keysIn(stage.secret.kept)]) {
        assert(!stage.program.written.includes(value));
        assert(!stage.program.written.includes(Buffer.from(value, "base64").toString("hex")));
      }
    });
  });

  describe("killed again and again", () => {
    let stage: Stage;
    let rootToken = "";

    before(async () => {
      stage = await Stage.set();
    });

    after(() => stage.end());

    const kills: readonly (readonly [when: string, state: string, fate: Fate, left: string])[] = [
      ["before it asks for the keys", "initialising", "answer lost", "initialising"],
      ["when the keys are saved", "initialised", "answer lost", "initialised"],
      ["when the deployer is let in, before that is noted", "configured", "lost", "initialised"],
      ["before it revokes the root token", "configured", "answer lost", "configured"],
      ["when the root token is revoked, before that is noted", "done", "lost", "configured"],
    ];
    for (const [when, state, fate, left] of kills) {
      it(`goes on from where it was, and comes to be killed ${when}`, async () => {
        await stage.killedAt(state, fate);
        assert.equal(stage.secret.kept?.["state"], left);
        rootToken = stage.secret.kept["rootToken"] ?? "";
      });
    }

    it("goes on to the end", async () => {
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.equal(stage.secret.kept?.["state"], "done");
      assert.equal(stage.secret.kept["rootToken"], undefined);
      assert.equal(keysIn(stage.secret.kept).length, 3);
      assert.equal(await stage.deployerLogsIn(), 200);
      const [status] = await stage.ask("GET", "auth/token/lookup-self", rootToken);
      assert.equal(status, 403);
    });
  });

  describe("killed between the initialisation and the saving of its result", () => {
    let stage: Stage;
    before(async () => {
      stage = await Stage.set();
      await stage.killedAt("initialised", "lost");
    });
    after(() => stage.end());

    it("says what was lost and how to begin anew", async () => {
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 1);
      const [line, ...others] = lines;
      assert.deepEqual(others, []);
      assert.equal(
        line?.msg,
        "Vault was initialised and the result was lost before it was saved; nothing is stored in Vault yet",
      );
      assert.equal(line["where"], "Secret iam/vault-init");
      assert.match(String(line["remedy"]), /kubectl -n iam delete secret vault-init\n.*claims data-vault-\*/);
      assert.equal(stage.secret.kept?.["state"], "initialising");
    });
  });

  describe("with what it does not expect", () => {
    let stage: Stage;
    before(async () => {
      stage = await Stage.set(withDeclaredAudit);
    });
    after(() => stage.end());

    it("keeps the keys of a Vault that was there before, and leaves the empty one alone", async () => {
      const former = { state: "done", recoveryKeys: '["a","b","c"]' };
      stage.secret.put(former);
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /holds the recovery keys of a Vault that was there before/);
      assert.deepEqual(stage.secret.kept, former);
      stage.secret.put(undefined);
    });

    it("leaves a Vault alone whose result it could not save", async () => {
      stage.secret.mayPatch = false;
      const { exitCode, lines } = await stage.run();
      stage.secret.mayPatch = true;
      assert.equal(exitCode, 1);
      assert.match(lines.at(-1)?.msg ?? "", /Kubernetes refused to change the Secret \(403\)/);
      assert.match(String(lines.at(-1)?.["remedy"]), /get and patch the one called vault-init/);
      assert.deepEqual(await stage.ask("GET", "sys/init", ""), [200, { initialized: false }]);
    });

    it("takes an audit device as it is declared", async () => {
      const { exitCode, lines } = await stage.run();
      assert.equal(exitCode, 0, JSON.stringify(lines));
      assert.equal(lines.find(({ request }) => request === "audit")?.msg, "there already");
      assert((await stage.auditLog()).includes('"path":"auth/token/revoke-self"'));
    });
  });
});
