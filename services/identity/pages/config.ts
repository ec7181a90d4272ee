import { z } from "zod";
import { filePath, serviceUrl } from "../config.ts";
import { hydraSettings } from "../hydra/hydra.ts";

/** Roles of people on the platform; in tokens they are the groups of a person. */
export const roles = ["operator", "auditor", "developer"] as const;

export type Role = (typeof roles)[number];

const members = () => z.array(z.email("expected an e-mail address")).default([]);

/** Configuration of `serve`. */
export const pagesConfig = z.strictObject({
  /** Where browsers find the pages, Kratos and Hydra: one host, shared by path. */
  publicUrl: z
    .url({ protocol: /^https$/, error: "expected a URL such as https://auth.bibind.com" })
    .refine((url) => new URL(url).pathname === "/", "expected a URL without a path"),
  /** Address to listen on. */
  host: z.string().min(1).default("0.0.0.0"),
  port: z.int().min(1).max(65535).default(8443),
  kratos: z.strictObject({ publicUrl: serviceUrl(), adminUrl: serviceUrl() }),
  hydra: hydraSettings,
  /** Certificate (with its chain) and private key, PEM. They are read again when they change. */
  tls: z.strictObject({ certFile: filePath(), keyFile: filePath() }),
  /** File with the secret that signs our own cookies, at least 32 characters. */
  cookieSecretFile: filePath(),
  /** Who has which role, by e-mail address; an address counts only once its owner has confirmed it. */
  groups: z.strictObject({ operator: members(), auditor: members(), developer: members() }),
});

export type PagesConfig = z.output<typeof pagesConfig>;
export type TlsFiles = PagesConfig["tls"];
