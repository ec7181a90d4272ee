import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";
import { faultOfEmailAddress } from "../email-address.ts";
import { hydraSettings } from "../hydra/hydra.ts";

/** Roles of people on the platform; in tokens they are the claim `groups`. */
export const roles = ["operator", "auditor", "developer"] as const;

export type Role = (typeof roles)[number];

const emailAddress = z.string().superRefine((value, context) => {
  const fault = faultOfEmailAddress(value);
  if (fault !== undefined) {
    context.addIssue({ code: "custom", message: `expected an e-mail address: ${fault}` });
  }
});

const members = () => z.array(emailAddress).default([]);

/** Configuration of `serve`. */
export const pagesConfig = z.strictObject({
  /** URL of the pages, Kratos and Hydra for browsers: one host, with different paths. */
  publicUrl: z
    .url({ protocol: /^https$/, error: "expected a URL such as https://auth.bibind.com" })
    .refine((url) => new URL(url).pathname === "/", "expected a URL without a path"),
  /** Further host name, such as welcome.bibind.com: its requests are redirected to the start page. Default: none. */
  startHost: z.string().min(1).optional(),
  /** Address to listen on. */
  host: z.string().min(1).default("0.0.0.0"),
  port: z.int().min(1).max(65535).default(8443),
  /** Servers of the pages. Each counts tries in its own memory, and allows its part of each limit. */
  replicas: z.int().min(1).default(1),
  kratos: z.strictObject({
    publicUrl: serviceUrl(),
    adminUrl: serviceUrl(),
    /** Id of the identity schema of people who register. */
    schema: z.string().min(1),
  }),
  hydra: hydraSettings,
  /** Certificate (with its chain) and private key, PEM. The server reads them again when they change. */
  tls: z.strictObject({ certFile: filePath(), keyFile: filePath() }),
  /** File of the secret that signs our own cookies; at least 32 characters. */
  cookieSecretFile: filePath(),
  /** Mail about changes of an account. */
  mail: z.strictObject({
    /** File of the URL of the SMTP server, with its credential. */
    connectionFile: filePath(),
    from: z.strictObject({ address: emailAddress, name: z.string().min(1) }),
  }),
  /** E-mail addresses of the people who have each role. An address counts only after its owner has verified it. */
  groups: z.strictObject({ operator: members(), auditor: members(), developer: members() }),
  /** Roles that a person gets only in a session with a second factor. */
  secondFactor: z.array(z.enum(roles)).default(["operator", "auditor"]),
});

export type PagesConfig = z.output<typeof pagesConfig>;
export type TlsFiles = PagesConfig["tls"];
