import { deepEqual, equal } from "node:assert/strict";
import {
  oauthClientDefinition,
  oauthClientResource,
  type Condition,
} from "../../../services/identity/clients/custom-resource.ts";
import {
  oauthClient,
  type NamespacedName,
  type OAuthClient,
} from "../../../services/identity/clients/oauth-clients.ts";
import { eventually } from "../../support/eventually.ts";
import { serviceAccount, type Reply, type TestKubernetes } from "./kubernetes.ts";

const { group, version, kind, plural } = oauthClientResource;

/** A client that is a program and signs in no people. */
export const robot = {
  clientId: "robot",
  name: "Robot",
  grantTypes: ["client_credentials"],
  scopes: ["read", "write"],
  audience: ["https://api.bibind.test"],
};
/** A client that signs people in. */
export const odoo = {
  clientId: "odoo",
  name: "Odoo",
  grantTypes: ["authorization_code", "refresh_token"],
  responseTypes: ["code"],
  redirectUris: ["https://odoo.bibind.test/callback"],
  postLogoutRedirectUris: ["https://odoo.bibind.test/"],
  scopes: ["openid", "email"],
  skipConsent: true,
  accessTokenStrategy: "jwt",
};
/** A public client, such as a command line on a person's machine. */
export const cli = {
  clientId: "bibind-cli",
  name: "bibind",
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  redirectUris: ["http://127.0.0.1/callback"],
  scopes: ["openid"],
  tokenEndpointAuthMethod: "none",
};
/** Names of the three OAuthClients. */
export const robotName = { namespace: "automate", name: "robot" };
export const odooName = { namespace: "bibind", name: "sign-in" };
export const cliName = { namespace: "iam", name: "cli" };

/** Only the permissions that the documentation of `serve-clients` lists. */
const clusterRole = {
  metadata: { name: "oauth-clients" },
  rules: [
    { apiGroups: [group], resources: [plural], verbs: ["get", "list", "watch", "patch"] },
    { apiGroups: [group], resources: [`${plural}/status`], verbs: ["patch"] },
  ],
};

const clusterRoleBinding = {
  metadata: { name: "oauth-clients" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "oauth-clients" },
  subjects: [{ kind: "ServiceAccount", ...serviceAccount }],
};

/** Longest time of a reconciliation in seconds, including the longest pause between two retries in these tests. */
const timeoutSeconds = 90;

/** Creates, changes and deletes OAuthClients in a test's Kubernetes API server. */
export class DeclaredClients {
  readonly #kubernetes: TestKubernetes;

  private constructor(kubernetes: TestKubernetes) {
    this.#kubernetes = kubernetes;
  }

  /** Registers the CustomResourceDefinition, gives the controller its permissions, and creates the namespaces. */
  static async prepare(kubernetes: TestKubernetes, namespaces: readonly string[]): Promise<DeclaredClients> {
    const clients = new DeclaredClients(kubernetes);
    const definition = { metadata: { name: `${plural}.${group}` }, spec: oauthClientDefinition() };
    await clients.#create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
    await clients.#create("/apis/rbac.authorization.k8s.io/v1/clusterroles", clusterRole);
    await clients.#create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", clusterRoleBinding);
    for (const name of namespaces) {
      await clients.#create("/api/v1/namespaces", { metadata: { name } });
    }
    await eventually("the API server serves OAuthClients", timeoutSeconds, async () => {
      equal((await kubernetes.request("GET", `/apis/${group}/${version}/${plural}`)).status, 200);
    });
    return clients;
  }

  /** Tries to create an OAuthClient. */
  send({ namespace, name }: NamespacedName, spec: object): Promise<Reply> {
    const object = { apiVersion: `${group}/${version}`, kind, metadata: { namespace, name }, spec };
    return this.#kubernetes.request("POST", `/apis/${group}/${version}/namespaces/${namespace}/${plural}`, object);
  }

  async create(name: NamespacedName, spec: object): Promise<void> {
    const { status, body } = await this.send(name, spec);
    equal(status, 201, JSON.stringify(body));
  }

  /** Tries to change fields of the spec. */
  patch(name: NamespacedName, spec: object): Promise<Reply> {
    return this.#kubernetes.request("PATCH", this.#path(name), { spec });
  }

  async change(name: NamespacedName, spec: object): Promise<void> {
    const { status, body } = await this.patch(name, spec);
    equal(status, 200, JSON.stringify(body));
  }

  /** Deletes an OAuthClient; its finalizer may keep it for some time. */
  async delete(name: NamespacedName): Promise<void> {
    const { status, body } = await this.#kubernetes.request("DELETE", this.#path(name));
    equal(status, 200, JSON.stringify(body));
  }

  /** Removes the finalizers by hand. */
  async removeFinalizers(name: NamespacedName): Promise<void> {
    await this.#kubernetes.request("PATCH", this.#path(name), { metadata: { finalizers: null } });
  }

  /** @returns undefined when it does not exist */
  async find(name: NamespacedName): Promise<OAuthClient | undefined> {
    const { status, body } = await this.#kubernetes.request("GET", this.#path(name));
    return status === 404 ? undefined : oauthClient.parse(body);
  }

  /** Waits until the latest generation was reconciled with this outcome. @returns the condition Ready */
  reconciled(name: NamespacedName, reason: string): Promise<Condition> {
    return eventually(`${name.namespace}/${name.name} is ${reason}`, timeoutSeconds, async () => {
      const found = await this.find(name);
      const condition = found?.status?.conditions?.find(({ type }) => type === "Ready");
      deepEqual([condition?.reason, condition?.observedGeneration], [reason, found?.metadata.generation]);
      if (condition === undefined) {
        throw new Error("the OAuthClient has no condition Ready");
      }
      return condition;
    });
  }

  /** Waits until an OAuthClient does not exist any more. */
  async deleted(name: NamespacedName): Promise<void> {
    await eventually(`${name.namespace}/${name.name} is deleted`, timeoutSeconds, async () => {
      equal(await this.find(name), undefined);
    });
  }

  #path({ namespace, name }: NamespacedName): string {
    return `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}`;
  }

  async #create(path: string, object: object): Promise<void> {
    const { status, body } = await this.#kubernetes.request("POST", path, object);
    equal(status, 201, JSON.stringify(body));
  }
}
