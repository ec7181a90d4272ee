import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";

/** The life of one resource type against a real server. */
export interface Case {
  readonly type: string;
  readonly title?: string;
  /** Objects that must be there first, made without the plugin. */
  readonly before?: (vault: Vault) => Promise<unknown>;
  /** A program. */
  readonly program: Properties;
  /** Properties of the program that are changed in place, and what the state holds then. */
  readonly change?: Properties;
  /** Properties that only a new object can have. */
  readonly replace?: Properties;
  readonly deletesFirst?: boolean;
  /** A change by hand that a refresh must find. */
  readonly hand?: (vault: Vault, id: string) => Promise<unknown>;
  /** Deletes the object, or the engine that it is in, by hand. */
  readonly remove?: (vault: Vault, id: string) => Promise<unknown>;
  /** The object stays when its resource is deleted, as with the vendor's plugin. */
  readonly stays?: boolean;
}

/** Mounts an engine, without the plugin. */
export const mount = (type: string, path: string) => (vault: Vault) => vault.post(`sys/mounts/${path}`, { type });
/** Enables an auth method, without the plugin. */
export const method = (type: string, path: string) => (vault: Vault) => vault.post(`sys/auth/${path}`, { type });
/** One after the other. */
export const both =
  (...steps: readonly ((vault: Vault) => Promise<unknown>)[]) =>
  async (vault: Vault) => {
    for (const step of steps) {
      await step(vault);
    }
  };
