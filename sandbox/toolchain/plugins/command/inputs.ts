import { z } from "zod";
import { Asset } from "../server/values.ts";

/** One end of an SSH connection, with the defaults of @pulumi/command 1.2.1. */
const endpoint = {
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().default("root"),
  password: z.string().optional(),
  /** Text of the private key. */
  privateKey: z.string().optional(),
  privateKeyPassword: z.string().optional(),
  /** Socket of an SSH agent; default `$SSH_AUTH_SOCK`. */
  agentSocketPath: z.string().optional(),
  /** How often a failed attempt is repeated; -1: until it is interrupted. */
  dialErrorLimit: z.int().min(-1).default(10),
  /** Seconds for one attempt; 0: no limit. */
  perDialTimeout: z.number().min(0).default(15),
  /** The public key the host must show, as in `ssh-ed25519 AAAA…`. Without it any host is taken, with a warning. */
  hostKey: z.string().min(1).optional(),
};

export const endpointInputs = z.strictObject(endpoint);
export const connectionInputs = z.strictObject({ ...endpoint, proxy: endpointInputs.optional() });

export type Endpoint = z.infer<typeof endpointInputs>;
export type Connection = z.infer<typeof connectionInputs>;

/** What of the output is shown while a command runs; the outputs `stdout` and `stderr` are kept in any case. */
const logging = z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).default("stdoutAndStderr");

const execution = {
  addPreviousOutputInEnv: z.boolean().default(true),
  environment: z.record(z.string(), z.string()).default({}),
  logging,
  stdin: z.string().optional(),
};

const lifecycle = {
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  triggers: z.array(z.unknown()).optional(),
};

const local = { dir: z.string().optional(), interpreter: z.array(z.string()).optional() };

/** `assetPaths` and `archivePaths` of the vendor's plugin are left out. */
export const localCommandInputs = z.strictObject({ ...execution, ...lifecycle, ...local });
export const localRunInputs = z.strictObject({ ...execution, ...local, command: z.string() });

/** An sshd takes `environment` only as far as its AcceptEnv allows; most take none. Use `stdin`. */
export const remoteCommandInputs = z.strictObject({ ...execution, ...lifecycle, connection: connectionInputs });

export const copyInputs = z.strictObject({
  connection: connectionInputs,
  remotePath: z.string().min(1),
  source: z.instanceof(Asset, { error: "source must be an asset or an archive" }),
  triggers: z.array(z.unknown()).optional(),
});

export type LocalInputs = Omit<z.infer<typeof localCommandInputs>, keyof typeof lifecycle>;
export type RemoteInputs = Omit<z.infer<typeof remoteCommandInputs>, keyof typeof lifecycle>;
export type CopyInputs = z.infer<typeof copyInputs>;

export type Logging = z.infer<typeof logging>;
