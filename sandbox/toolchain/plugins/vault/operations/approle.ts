import type { Properties } from "../../server/values.ts";
import { asText, bodyOf, fromApi, jsonText } from "../schema/mapping.ts";
import { VaultRefusal } from "../server/failure.ts";
import type { ApiValue, Vault } from "../server/vault.ts";
import type { Created, Operations } from "../schema/row.ts";
import { set } from "../schema/property.ts";
import { object } from "./object.ts";
import { textOf } from "../schema/path.ts";

const role = object();

async function writeRoleId(vault: Vault, id: string, desired: Properties, before: Properties): Promise<void> {
  const wanted = textOf(desired, "roleId");
  if (wanted !== "" && wanted !== before.roleId) {
    await vault.post(`${id}/role-id`, { role_id: wanted });
  }
}

/** A role whose RoleID has a path of its own. */
export const appRole: Operations = {
  ...role,
  async create(call, desired) {
    const created = await role.create(call, desired);
    await writeRoleId(call.vault, created.id, desired, {});
    return created;
  },
  async read(call, id, known) {
    const found = await role.read(call, id, known);
    const roleId = found && (await call.vault.get(`${id}/role-id`))?.role_id;
    return found && { ...found, ...(typeof roleId === "string" ? { roleId } : {}) };
  },
  async update(call, id, desired, before) {
    await role.update(call, id, desired, before);
    await writeRoleId(call.vault, id, desired, before);
  },
};

const idForm = /^backend=(.+?)::role=(.+?)::(wrapped::)?accessor=(.+)$/;

interface SecretIdPlace {
  readonly role: string;
  readonly wrapped: boolean;
  readonly accessor: string;
}

function placeOf(id: string): SecretIdPlace {
  const [, backend = "", name = "", wrapped, accessor = ""] = idForm.exec(id) ?? [];
  return { role: `auth/${backend}/role/${name}`, wrapped: wrapped !== undefined, accessor };
}

/** Vault answers 400, 404 or 500 for an accessor, or a role, that is no longer there. */
function isGone(error: unknown): boolean {
  return (
    error instanceof VaultRefusal &&
    [400, 403, 404, 500].includes(error.status) &&
    /accessor|does not exist/.test(error.reasons.join())
  );
}

async function lookup(vault: Vault, path: string, body: Record<string, ApiValue>) {
  try {
    return (await vault.send("POST", path, { body }))?.data ?? undefined;
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A secret id: made once, never changed; a used-up or expired one is made again. */
export const appRoleSecretId: Operations = {
  async create({ vault, row }, desired): Promise<Created> {
    const backend = textOf(desired, "backend");
    const name = textOf(desired, "roleName");
    const wrapTtl = textOf(desired, "wrappingTtl") || undefined;
    const custom = textOf(desired, "secretId") !== "";
    const path = `auth/${backend}/role/${name}/${custom ? "custom-secret-id" : "secret-id"}`;
    const answer = await vault.post(path, bodyOf(row.properties, desired), { once: true, wrapTtl });
    const prefix = `backend=${backend}::role=${name}`;
    if (answer.wrap_info) {
      const { token, accessor, wrapped_accessor: inner } = answer.wrap_info;
      const kept = desired.withWrappedAccessor === true && inner;
      const id = kept ? `${prefix}::accessor=${inner}` : `${prefix}::wrapped::accessor=${accessor}`;
      return { id, told: { wrappingToken: token, wrappingAccessor: accessor } };
    }
    const accessor = asText(answer.data?.secret_id_accessor);
    return {
      id: `${prefix}::accessor=${accessor}`,
      told: { accessor, secretId: asText(answer.data?.secret_id) },
    };
  },
  async read({ vault }, id): Promise<Properties | undefined> {
    const { role: path, wrapped, accessor } = placeOf(id);
    if (wrapped) {
      return (await lookup(vault, "auth/token/lookup-accessor", { accessor })) && {};
    }
    const data = await lookup(vault, `${path}/secret-id-accessor/lookup`, { secret_id_accessor: accessor });
    return (
      data && {
        cidrLists: fromApi(set(), data.cidr_list) ?? [],
        tokenBoundCidrs: fromApi(set(), data.token_bound_cidrs) ?? [],
        metadata: jsonText(data.metadata ?? {}),
      }
    );
  },
  update: () => Promise.resolve(),
  async delete({ vault }, id) {
    const { role: path, wrapped, accessor } = placeOf(id);
    await (wrapped
      ? lookup(vault, "auth/token/revoke-accessor", { accessor })
      : lookup(vault, `${path}/secret-id-accessor/destroy`, { secret_id_accessor: accessor }));
  },
};
