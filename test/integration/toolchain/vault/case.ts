import type { Properties } from "../../../../sandbox/toolchain/plugins/server/values.ts";
import type { Vault } from "../../../../sandbox/toolchain/plugins/vault/server/vault.ts";

/** A test of one resource type on a real server, from its creation to its deletion. */
export interface Case {
  readonly type: string;
  readonly title?: string;
  /** Creates the objects that the resource needs, without the plugin. */
  readonly prepare?: (vault: Vault) => Promise<unknown>;
  /** The first inputs. Texts may contain placeholders, such as `POSTGRESPORT`. */
  readonly program: Properties;
  /** Inputs that change in place. */
  readonly change?: Properties;
  /** Inputs whose change replaces the resource. */
  readonly replace?: Properties;
  /** Whether the replacement deletes the old object first. Default: false. */
  readonly deletesFirst?: boolean;
  /** Changes the object without the plugin. A refresh must find this change. */
  readonly changeByHand?: (vault: Vault, id: string) => Promise<unknown>;
  /** Deletes the object without the plugin. */
  readonly deleteByHand?: (vault: Vault, id: string) => Promise<unknown>;
}

/** Mounts an engine, without the plugin. */
export const mount = (type: string, path: string) => (vault: Vault) => vault.post(`sys/mounts/${path}`, { type });
/** Enables an auth method, without the plugin. */
export const method = (type: string, path: string) => (vault: Vault) => vault.post(`sys/auth/${path}`, { type });
/** Runs the steps in order. */
export const inOrder =
  (...steps: readonly ((vault: Vault) => Promise<unknown>)[]) =>
  async (vault: Vault) => {
    for (const step of steps) {
      await step(vault);
    }
  };
