import assert from "node:assert/strict";
import type { Kubectl } from "../../support/sandbox.ts";

/** An operator of the platform, whose account an attacker has. */
export const operators = {
  "Vault Secrets Operator": {
    namespace: "vault-secrets-operator-system",
    name: "vault-secrets-operator-controller-manager",
  },
  CloudNativePG: { namespace: "cnpg-system", name: "cloudnative-pg" },
  "cert-manager": { namespace: "cert-manager", name: "cert-manager" },
} as const;

/** The position of a program: the rights of its service account. */
export function asProgram(
  kubectl: Kubectl,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Kubectl {
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return kubectl.as(`system:serviceaccount:${namespace}:${name}`, groups);
}

/** The position of a person who administers one namespace, with the role `admin` of Kubernetes and all of Traefik's objects. */
export async function asAdministrator(kubectl: Kubectl, namespace: string): Promise<Kubectl> {
  const user = { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "mallory" };
  await kubectl.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await kubectl.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "traefik", namespace },
    rules: [{ apiGroups: ["traefik.io"], resources: ["*"], verbs: ["*"] }],
  });
  for (const [name, roleRef] of Object.entries({
    admin: { apiGroup: user.apiGroup, kind: "ClusterRole", name: "admin" },
    traefik: { apiGroup: user.apiGroup, kind: "Role", name: "traefik" },
  })) {
    await kubectl.apply({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name, namespace },
      roleRef,
      subjects: [user],
    });
  }
  return kubectl.as(user.name, []);
}

const write = ["create", "--dry-run=server", "--filename=-"];

/** The attacker can write the object. The test proves by it that the refusals below have the reason that they name. */
export async function canWrite(attacker: Kubectl, manifest: object): Promise<void> {
  const { exitCode, all } = await attacker.attempt(write, manifest);
  assert.equal(exitCode, 0, all);
}

/** A rule of the cluster refuses the object, and not a missing right or a mistake in the object. */
export async function cannotWrite(attacker: Kubectl, manifest: object, rule: RegExp): Promise<void> {
  const { exitCode, all } = await attacker.attempt(write, manifest);
  assert.notEqual(exitCode, 0, all);
  assert.match(all, rule);
}

/** A pod that every Pod Security level accepts, unless `more` changes that. */
export function pod(namespace: string, more: object = {}): object {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "attack", namespace },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "attack", image: "docker.io/library/busybox:1.37", command: ["true"], securityContext }],
      ...more,
    },
  };
}
