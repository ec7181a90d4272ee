import assert from "node:assert/strict";
import { ResponseError, type OAuth2Api } from "@ory/hydra-client-fetch";
import { z } from "zod";
import { hydraAdmin } from "../../../services/identity/hydra/hydra.ts";
import type { Vault } from "../../../sandbox/toolchain/plugins/vault/server/vault.ts";
import { eventually } from "../../support/eventually.ts";
import { freePort } from "../../support/free-port.ts";
import { startVault, type TestVault } from "../toolchain/vault/openbao.ts";
import { startPostgres } from "../toolchain/vault/postgres.ts";
import { Cleanup } from "./cleanup.ts";
import { startHydra } from "./hydra.ts";
import { startKubernetes, type TestKubernetes } from "./kubernetes.ts";
import { DeclaredClients } from "./oauth-clients.ts";
import type { OryServer } from "./ory.ts";
import { Program, type Running } from "./program.ts";
import { administrator, prepareVault, type VaultConfig } from "./vault-login.ts";

const storedSecret = z.object({ client_secret: z.string() });

/** The part of the controller's configuration that a test can set. */
export interface ControllerOptions {
  /** Default: an hour, so that only the watch starts reconciliations. */
  readonly resyncSeconds?: number;
  /** URL of Hydra's admin API for the controller. Default: Hydra's own. */
  readonly hydraUrl?: string;
}

/** The servers that the controller uses, and what a test needs to use them. */
interface Servers {
  readonly server: TestVault;
  readonly vault: Vault;
  readonly hydra: OryServer;
  readonly kubernetes: TestKubernetes;
  readonly declared: DeclaredClients;
  readonly program: Program;
  readonly login: (role: string) => VaultConfig;
}

async function startServers(namespaces: readonly string[], cleanup: Cleanup): Promise<Servers> {
  const server = cleanup.add(await startVault(), (started) => started.remove());
  const postgres = cleanup.add(await startPostgres(), (started) => started.remove());
  const kubernetes = cleanup.add(await startKubernetes(), (started) => started.stop());
  const hydra = cleanup.add(await startHydra({ postgres }), (started) => started.stop());
  const declared = await DeclaredClients.prepare(kubernetes, namespaces);
  const vault = await administrator(server);
  const login = await prepareVault(server, vault);
  const program = cleanup.add(await Program.prepare(server.caCertFile), (started) => started.remove());
  return { server, vault, hydra, kubernetes, declared, program, login };
}

/** The controller of OAuthClients with a real Hydra, Vault and Kubernetes API server. */
export class ClientsPlatform {
  readonly server: TestVault;
  readonly vault: Vault;
  readonly hydra: OryServer;
  readonly declared: DeclaredClients;
  readonly program: Program;
  readonly #kubernetes: TestKubernetes;
  readonly #login: (role: string) => VaultConfig;
  readonly #cleanup: Cleanup;
  /** The secrets of clients that a test read or wrote. */
  readonly secrets: string[] = [];
  controller: Running | undefined;
  healthUrl = "";

  private constructor(servers: Servers, cleanup: Cleanup) {
    this.server = servers.server;
    this.vault = servers.vault;
    this.hydra = servers.hydra;
    this.declared = servers.declared;
    this.program = servers.program;
    this.#kubernetes = servers.kubernetes;
    this.#login = servers.login;
    this.#cleanup = cleanup;
  }

  /** Starts the servers and creates the namespaces. If a server does not start, the others are stopped. */
  static start(namespaces: readonly string[]): Promise<ClientsPlatform> {
    return Cleanup.start(async (cleanup) => new ClientsPlatform(await startServers(namespaces, cleanup), cleanup));
  }

  async stop(): Promise<void> {
    await this.endController("SIGKILL");
    await this.#cleanup.run();
  }

  /** Starts a new controller, after the end of the running one, and waits until it is ready. */
  async startController(options: ControllerOptions = {}): Promise<Running> {
    const controller = await this.launchController(options);
    await eventually("the controller is ready", 60, async () => {
      const { status } = await fetch(`${this.healthUrl}/health/ready`);
      if (status !== 200) {
        throw new Error(`${status}: ${JSON.stringify(controller.lines())}`);
      }
    });
    return controller;
  }

  /** Starts a new controller, after the end of the running one. */
  async launchController({ resyncSeconds = 3600, hydraUrl }: ControllerOptions): Promise<Running> {
    await this.endController("SIGTERM");
    const healthPort = await freePort();
    const { server, tokenFile, caFile } = this.#kubernetes;
    this.healthUrl = `http://127.0.0.1:${healthPort}`;
    this.controller = await this.program.start("serve-clients", {
      hydra: { adminUrl: hydraUrl ?? this.hydra.adminUrl },
      vault: this.#login("oauth-clients"),
      kubernetes: { server, tokenFile, caFile },
      healthPort,
      resyncSeconds,
      signIn: {
        mount: "oidc",
        namespace: "iam",
        clientId: "vault",
        issuer: this.hydra.publicUrl,
        caCertificate: "",
        defaultRole: "person",
      },
    });
    return this.controller;
  }

  /** @returns the exit code; undefined when the signal killed the controller, or when no controller runs */
  async endController(signal: "SIGTERM" | "SIGKILL"): Promise<number | undefined> {
    const exitCode = await this.controller?.end(signal);
    this.controller = undefined;
    return exitCode;
  }

  /** A client of Hydra's admin API. */
  get hydraApi(): OAuth2Api {
    return hydraAdmin({ adminUrl: this.hydra.adminUrl }, fetch);
  }

  /** @throws AssertionError when Hydra has the client, or does not answer */
  async assertAbsent(id: string): Promise<void> {
    await assert.rejects(
      this.hydraApi.getOAuth2Client({ id }),
      (error) => error instanceof ResponseError && error.response.status === 404,
    );
  }

  /** The client's secret in Vault. */
  async secretOf(namespace: string, clientId: string): Promise<string> {
    const stored = await this.vault.get(`kv/data/oauth/${namespace}/${clientId}`);
    const { client_secret: secret } = storedSecret.parse(stored?.data);
    this.secrets.push(secret);
    return secret;
  }

  /** Requests a token with this secret. @returns the status of the response */
  async tokenStatus(clientId: string, secret: string): Promise<number> {
    const answer = await fetch(`${this.hydra.publicUrl}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "read" }),
    });
    return answer.status;
  }
}
