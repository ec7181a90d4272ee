import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { sourcesOf, settled } from "./outputs.ts";

/** A resource that a program registered. Secrets among the inputs are envelopes: see `secretValue`. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  /** Logical name of its parent; undefined directly below the stack. */
  readonly parent: string | undefined;
  /** Logical names of the resources in its option `dependsOn`. */
  readonly dependsOn: readonly string[];
  /** Logical names of the resources that its inputs come from. For a resource that is read: also those of its id. */
  readonly uses: readonly string[];
  /** Logical name of the resource whose deletion also deletes this one. */
  readonly deletedWith: string | undefined;
  /** Whether the provider keeps the object when the resource leaves the program. */
  readonly retainOnDelete: boolean;
  /** Whether the engine refuses to delete and to replace it. */
  readonly protect: boolean;
  /** Logical name of its provider; undefined for the default one. */
  readonly provider: string | undefined;
  readonly additionalSecretOutputs: readonly string[];
  /** Checks that the engine runs before it updates the resource, in a preview too. */
  readonly beforeUpdate: readonly pulumi.ResourceHookFunction[];
}

export interface RecordOptions {
  /** Outputs of a resource besides its inputs. Default: `answer` of this file. */
  readonly answer?: (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
  /** Whether the program runs in a preview: ids and computed outputs of new resources are then unknown. Default: false. */
  readonly preview?: boolean;
  /** Logical names of the resources that exist before the preview, so that their outputs are known. Default: none. */
  readonly existing?: ReadonlySet<string>;
  /** Outputs of the stack in its last update. Default: none, as before the first update. */
  readonly lastOutputs?: Readonly<Record<string, unknown>>;
}

/** The resources that a run of a program registered, and its result. */
export class Recording<T> {
  readonly resources: readonly RecordedResource[];
  /** Value that the program returned. */
  readonly result: T;

  constructor(resources: readonly RecordedResource[], result: T) {
    this.resources = resources;
    this.result = result;
  }

  /** The resources of one type, in order of registration. */
  ofType(type: string): readonly RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource with this logical name. */
  named(name: string): RecordedResource {
    const found = this.resources.filter((resource) => resource.name === name);
    const [resource] = found;
    assert(resource !== undefined && found.length === 1, `${found.length} resources are named ${name}`);
    return resource;
  }

  /**
   * Logical names of all resources that must exist before a resource: those that it depends on, those that its inputs come
   * from, its provider, and the requirements of each of these. Who depends on a component depends on its children too.
   */
  requirementsOf(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (next: string): void => {
      if (!found.has(next)) {
        found.add(next);
        this.#directRequirements(next).forEach(visit);
        this.resources.filter(({ parent }) => parent === next).forEach((child) => visit(child.name));
      }
    };
    this.#directRequirements(name).forEach(visit);
    return found;
  }

  #directRequirements(name: string): string[] {
    return this.resources
      .filter((resource) => resource.name === name)
      .flatMap(({ dependsOn, uses, provider }) => [
        ...dependsOn,
        ...uses,
        ...(provider === undefined ? [] : [provider]),
      ]);
  }
}

const preflightReport = `os=debian 13
cpus=8
memoryGiB=32
diskGiB=400
virtualisation=vmx
clock=synchronised`;

/** Reports of the platform's remote steps on a suitable machine, by the last part of the step's name. */
const reports: readonly (readonly [string, string])[] = [
  ["-preflight-command", preflightReport],
  ["-disk-encryption-command", "no"],
  ["-kubeconfig-command", "apiVersion: v1\nkind: Config"],
  ["-names-command", "node 192.0.2.2"],
  ["-invite-command", "192.0.2.1:25000/invitation"],
];

/** A secret output of a provider, as the engine passes it. */
function envelope(value: string): Record<string, unknown> {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

const inBase64 = (text: string): string => Buffer.from(text).toString("base64");

/** Content of the Secrets that other programs write and the program reads, by the last part of their names. */
const readSecrets: readonly (readonly [string, Record<string, unknown>])[] = [
  // Written by cert-manager: the Secret of a certificate.
  ["-trust", { data: { "ca.crt": inBase64("the CA") } }],
  // Written by the initialisation of Vault.
  ["-init-result", { data: { state: inBase64("done"), recoveryKeys: inBase64('["one","two","three"]') } }],
];

/** What the mocks answer in place of a random password. */
const randomPassword = "random";

/** Secrets that come from the answers of the mocks: a kubeconfig, and the key that Vault's seal derives from a password. */
export const generatedSecrets = [
  "apiVersion: v1\nkind: Config",
  createHash("sha256").update(randomPassword).digest("base64"),
] as const;

/** What the provider answers for a remote command. Its output is always secret, because its connection is. */
function commandAnswer(name: string): Record<string, unknown> {
  const report = reports.find(([end]) => name.endsWith(end))?.[1] ?? "";
  return { stdout: envelope(`bibind: report\n${report}`), stderr: envelope("") };
}

/** The outputs that a provider would compute. A remote command reports a suitable machine. */
export function answer({ type, name }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "command:remote:Command":
      return commandAnswer(name);
    case "kubernetes:core/v1:Secret":
      return readSecrets.find(([end]) => name.endsWith(end))?.[1] ?? {};
    case "kubernetes:helm.sh/v3:Release":
      return { status: { appVersion: "1.2.3" } };
    case "vault:index/authBackend:AuthBackend":
      return { accessor: `${name}-accessor` };
    case "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert":
      return { issuerId: `${name}-issuer` };
    case "random:index/randomPassword:RandomPassword":
      return { result: envelope(randomPassword) };
    default:
      return {};
  }
}

interface Registration {
  readonly inputs: Record<string, unknown>;
  readonly custom: boolean;
  readonly provider: string | undefined;
}

/** The logical name in a reference to a provider, `<urn>::<id>`. The URN ends in that name. */
function providerName(reference: string | undefined): string | undefined {
  return reference?.split("::").at(-2);
}

async function resourcesIn(value: pulumi.ResourceOptions["dependsOn"]): Promise<string[]> {
  const list = await new Promise<unknown>((resolve) => {
    pulumi.output(value).apply(resolve);
  });
  return [list ?? []].flat().map((resource) => {
    assert(pulumi.Resource.isInstance(resource));
    return nameOf(resource);
  });
}

/** Logical names of resources. A resource does not publish its name, but a transformation receives it. */
const names = new WeakMap<pulumi.Resource, string>();

function nameOf(resource: pulumi.Resource): string {
  return names.get(resource) ?? "(unknown)";
}

/** Logical names of the resources that a value comes from, at every depth. */
export async function namesBehind(value: unknown): Promise<string[]> {
  return [...new Set((await sourcesOf(value)).map(nameOf))].sort();
}

async function described(
  { resource, type, name, props, opts }: pulumi.ResourceTransformationArgs,
  { inputs, custom, provider }: Registration,
): Promise<RecordedResource> {
  const secrets: unknown = Reflect.get(opts, "additionalSecretOutputs");
  return {
    type,
    name,
    custom,
    inputs,
    parent: opts.parent && names.get(opts.parent),
    dependsOn: await resourcesIn(opts.dependsOn),
    uses: custom ? await namesBehind([props, opts.id]) : [],
    deletedWith: opts.deletedWith && nameOf(opts.deletedWith),
    retainOnDelete: opts.retainOnDelete === true,
    // The options of the resource itself: a later transformation can change those that this one received.
    protect: Reflect.get(resource, "__protect") === true,
    provider,
    additionalSecretOutputs: Array.isArray(secrets) ? secrets.map(String) : [],
    beforeUpdate: (opts.hooks?.beforeUpdate ?? []).flatMap((hook) =>
      hook instanceof pulumi.ResourceHook && hook.opts?.onDryRun === true ? [hook.callback] : [],
    ),
  };
}

/** Pulumi's mock of the engine knows no hooks (@pulumi/pulumi 3.259). It accepts each one and runs none. */
function acceptHooks(): void {
  const accept = (_request: unknown, done: (error: null, response: object) => void): void => done(null, {});
  Reflect.set(getMonitor() ?? {}, "registerResourceHook", accept);
}

/**
 * Runs a program against mocks, as the body of a stack, and records what it registers.
 *
 * A mock receives no parents and no dependencies, so they come from a stack transformation.
 *
 * @throws the error of the program or of a registration
 */
export async function record<T>(program: () => T | Promise<T>, options: RecordOptions = {}): Promise<Recording<T>> {
  const { answer: outputsOf = answer, preview = false, existing = new Set<string>(), lastOutputs = {} } = options;
  const seen: pulumi.ResourceTransformationArgs[] = [];
  const registered = new Map<string, Registration>();
  const key = (type: string, name: string): string => `${type} ${name}`;
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const inputs: unknown = args.inputs;
        assert(isRecord(inputs));
        const provider = providerName(args.provider);
        const custom = args.custom === true;
        registered.set(key(args.type, args.name), { inputs, custom, provider });
        const isRead = args.id !== undefined && args.id !== "";
        const isKnown = !preview || isRead || existing.has(args.name);
        return {
          id: custom && isKnown ? `${args.name}-id` : undefined,
          state: { ...inputs, ...(isKnown ? outputsOf(args) : {}) },
        };
      },
      call: ({ token }) => {
        if (token !== "pulumi:pulumi:readStackOutputs") {
          throw new Error(`no mock answers a call of ${token}`);
        }
        return { outputs: lastOutputs };
      },
    },
    "bibind",
    "test",
    preview,
    "organization",
  );
  acceptHooks();
  const results: { readonly value: T }[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((args) => {
      names.set(args.resource, args.name);
      seen.push(args);
      return undefined;
    });
    results.push({ value: await program() });
    return {};
  });
  await pulumi.runtime.disconnect();
  // Only code that awaits the outputs of a failed registration receives its error.
  await Promise.all(seen.map(({ resource }) => settled(resource.urn)));
  const resources = seen.flatMap((args) => {
    const registration = registered.get(key(args.type, args.name));
    return registration === undefined ? [] : [described(args, registration)];
  });
  const [result] = results;
  assert(result !== undefined);
  return new Recording(await Promise.all(resources), result.value);
}

/** Runs the checks of an update from one recorded resource to another, as the engine does. */
export async function checkUpdate(before: RecordedResource, after: RecordedResource): Promise<void> {
  assert(after.beforeUpdate.length > 0, `${after.name} has no checks`);
  const { name, type } = after;
  for (const check of after.beforeUpdate) {
    await check({ urn: name, id: name, name, type, oldInputs: before.inputs, newInputs: after.inputs });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an input reached the engine marked as a secret. */
export function isSecret(value: unknown): boolean {
  return isRecord(value) && value[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig;
}

/** The value of a secret input. */
export function secretValue(value: unknown): unknown {
  assert(isSecret(value) && isRecord(value), "the value is not marked as a secret");
  return value["value"];
}
