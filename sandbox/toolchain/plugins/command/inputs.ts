import { z } from "zod";

/** One end of an SSH connection, with the defaults of @pulumi/command 1.2.1. */
const endpoint = {
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().default("root"),
  password: z.string().optional(),
  /** Text of the private key. */
  privateKey: z.string().optional(),
  privateKeyPassword: z.string().optional(),
  /** Socket of an SSH agent. Default `$SSH_AUTH_SOCK`. */
  agentSocketPath: z.string().optional(),
  /** Number of retries after a failed connection attempt; -1: until the operator interrupts. */
  dialErrorLimit: z.int().min(-1).default(10),
  /** Time limit of one attempt in seconds; 0: no limit. */
  perDialTimeout: z.number().min(0).default(15),
  /**
   * The public key that the host must have, such as `ssh-ed25519 AAAA…`. Default: any key is accepted, with a warning.
   */
  hostKey: z.string().min(1).optional(),
};

export const endpointInputs = z.strictObject(endpoint);
export const connectionInputs = z.strictObject({ ...endpoint, proxy: endpointInputs.optional() });

export type Endpoint = z.infer<typeof endpointInputs>;
export type Connection = z.infer<typeof connectionInputs>;

/** The output that is shown while a command runs. The outputs `stdout` and `stderr` always contain everything. */
const logging = z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).default("stdoutAndStderr");

/** Inputs of remote.Command (@pulumi/command 1.2.1). */
export const remoteCommandInputs = z.strictObject({
  connection: connectionInputs,
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  triggers: z.array(z.unknown()).optional(),
  addPreviousOutputInEnv: z.boolean().default(true),
  /** An sshd accepts only the variables in its AcceptEnv, which usually has none. Use `stdin` instead. */
  environment: z.record(z.string(), z.string()).default({}),
  logging,
  stdin: z.string().optional(),
});

export type RemoteInputs = z.infer<typeof remoteCommandInputs>;
export type Logging = z.infer<typeof logging>;
