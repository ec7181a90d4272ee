import { execFile } from "node:child_process";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";
import type { ExecSettings, KubeconfigCluster, KubeconfigSource } from "./kubeconfig-file.ts";

const timeoutMilliseconds = 60_000;

const credential = z.object({
  status: z.object({
    token: z.string().optional(),
    expirationTimestamp: z.coerce.date().optional(),
    clientCertificateData: z.string().optional(),
  }),
});

const failure = z.object({ code: z.union([z.string(), z.number()]).nullish(), stderr: z.string().default("") });

/** A plugin that prints a token (client.authentication.k8s.io), as `exec` of a kubeconfig names it. */
export class ExecPlugin {
  readonly #settings: ExecSettings;
  readonly #cluster: KubeconfigCluster;
  readonly #source: KubeconfigSource;
  #token: { readonly text: string; readonly ends: Date } | undefined;

  constructor(settings: ExecSettings, cluster: KubeconfigCluster, source: KubeconfigSource) {
    this.#settings = settings;
    this.#cluster = cluster;
    this.#source = source;
  }

  /** @throws OperatorError that names the plugin, when it is absent, fails, or prints no token */
  async token(): Promise<string> {
    if (this.#token !== undefined && this.#token.ends > new Date()) {
      return this.#token.text;
    }
    const { token, expirationTimestamp } = await this.#run();
    this.#token = expirationTimestamp && { text: token, ends: expirationTimestamp };
    return token;
  }

  async #run() {
    const { command, args, env } = this.#settings;
    const program = command.includes("/") && !isAbsolute(command) ? join(this.#source.folder, command) : command;
    const given = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
    const { stdout } = await promisify(execFile)(program, args ?? [], {
      env: { ...process.env, ...given, KUBERNETES_EXEC_INFO: this.#info() },
      timeout: timeoutMilliseconds,
    }).catch((error: unknown) => this.#failed(error));
    const { token, ...status } = this.#read(stdout);
    if (token === undefined) {
      const kind = status.clientCertificateData === undefined ? "nothing" : "a client certificate";
      throw this.#error(`gives ${kind} and no token`, "Use a plugin that gives a token, or a client certificate file.");
    }
    return { ...status, token };
  }

  /** What client-go tells the plugin. */
  #info(): string {
    const { apiVersion, provideClusterInfo } = this.#settings;
    const spec = { interactive: false, ...(provideClusterInfo === true ? { cluster: this.#cluster } : {}) };
    return JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  }

  #read(stdout: string): z.output<typeof credential>["status"] {
    try {
      return credential.parse(JSON.parse(stdout)).status;
    } catch {
      // No cause is attached: it may quote the token.
      throw this.#error("does not print an ExecCredential", "Run it by hand and see what it prints.");
    }
  }

  #failed(error: unknown): never {
    const { code, stderr } = failure.parse(error);
    if (code === "ENOENT") {
      const hint =
        this.#settings.installHint ?? "Install it, or give a kubeconfig with a token or a client certificate.";
      throw this.#error("is not installed", hint);
    }
    const [line = ""] = stderr.trim().split("\n").slice(-1);
    throw this.#error(
      `failed (${code ?? "timeout"})${line === "" ? "" : `: ${line.slice(0, 300)}`}`,
      "Run it by hand.",
    );
  }

  #error(what: string, remedy: string): OperatorError {
    return new OperatorError({
      what: `The exec plugin \`${this.#settings.command}\` of the kubeconfig ${what}.`,
      where: this.#source.origin,
      remedy,
    });
  }
}
