import { z } from "zod";
import { OperatorError } from "../errors/operator-error.ts";

const text = z.string().nullish();

const cluster = z.object({
  server: z.string().regex(/^https?:\/\/\S+$/, "expected a URL"),
  "certificate-authority": text,
  "certificate-authority-data": text,
  "tls-server-name": text,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "proxy-url": text,
});

const exec = z.object({
  apiVersion: z.string(),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  interactiveMode: text,
  provideClusterInfo: z.boolean().nullish(),
});

const user = z.object({
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
  exec: exec.nullish(),
  "auth-provider": z.unknown().optional(),
});

const context = z.object({ cluster: z.string(), user: text, namespace: text });

const list = <T extends z.ZodRawShape>(shape: T) =>
  z
    .array(z.object({ name: z.string(), ...shape }))
    .nullish()
    .transform((entries) => entries ?? []);

/** A kubeconfig (client.authentication.k8s.io and clientcmd/api/v1 of client-go 0.34) without the fields that only kubectl uses. */
const kubeconfig = z.object({
  "current-context": text,
  clusters: list({ cluster }),
  contexts: list({ context }),
  users: list({ user: user.nullish() }),
});

export type Kubeconfig = z.output<typeof kubeconfig>;
export type KubeconfigCluster = z.output<typeof cluster>;
export type KubeconfigUser = z.output<typeof user>;
export type ExecSettings = z.output<typeof exec>;

/** A kubeconfig as given: its text, and the folder that its relative paths start from. */
export interface KubeconfigSource {
  readonly text: string;
  readonly folder: string;
  /** The file it came from; undefined when the content itself was given. */
  readonly path?: string;
  readonly origin: string;
}

async function parsed(text: string): Promise<unknown> {
  if (text.trimStart().startsWith("{")) {
    return JSON.parse(text);
  }
  const yaml = await import("yaml");
  return yaml.parse(text);
}

/** @throws OperatorError, without a value of the kubeconfig, when the text is not a complete kubeconfig */
export async function parseKubeconfig({ text, origin }: KubeconfigSource): Promise<Kubeconfig> {
  const remedy = "Give the output of `microk8s config` (or `kubectl config view --raw`), or the path of such a file.";
  const content = await parsed(text).catch(() => undefined);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    // No cause is attached: a YAML error quotes the line, which may hold a token.
    throw new OperatorError({ what: "The text is not a kubeconfig in YAML or JSON.", where: origin, remedy });
  }
  const result = kubeconfig.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new OperatorError({ what: `The kubeconfig is not complete: ${problems}.`, where: origin, remedy });
  }
  return result.data;
}
