import type { ToolName } from "../toolchain/go/build.ts";
import { nodeProgram } from "../toolchain/node.ts";
import { openbao } from "../toolchain/openbao/openbao.ts";
import type { DebianTreeName } from "./debian-trees.ts";

/** A program of a Go tool, and its path in the image. */
export interface ProgramSource {
  readonly tool: ToolName;
  readonly program: string;
  /** Absolute path in the image. */
  readonly inside: string;
}

/** A source folder of a Go module, and the path of its files in the image. */
export interface ModuleSource {
  readonly tool: ToolName;
  readonly module: string;
  readonly folder: string;
  /** Absolute path in the image. */
  readonly inside: string;
}

/** A program that is not built from a Go module, and its path in the image. */
export interface FileSource {
  /** Builds or downloads the program. Resolves to its path in the build store. */
  readonly file: () => Promise<string>;
  /** Absolute path in the image. */
  readonly inside: string;
}

/** A service of this project, `services/NAME/main.ts`. It is bundled into one file, `NAME.js`. */
export interface ServiceSource {
  readonly service: string;
  /** Files and folders outside of the service's folder that it imports, relative to the project folder. */
  readonly shared: readonly string[];
  /** Absolute path of the file's folder in the image. */
  readonly inside: string;
}

/**
 * How to build one image. The folder with the image's name contains its Containerfile, and in `root/` the files that
 * this project adds.
 */
export interface Recipe {
  /** The published image that it replaces, as charts and manifests write it. */
  readonly reference: string;
  readonly programs?: readonly ProgramSource[];
  readonly modules?: readonly ModuleSource[];
  readonly files?: readonly FileSource[];
  readonly services?: readonly ServiceSource[];
  /** File systems of Debian packages, which are copied into the image first. */
  readonly trees?: readonly DebianTreeName[];
}

/** An image with one program, in the root folder. */
function oneProgram(reference: string, tool: ToolName, program: string = tool): Recipe {
  return { reference, programs: [{ tool, program, inside: `/${program}` }] };
}

function certManager(part: string): Recipe {
  return oneProgram(`quay.io/jetstack/cert-manager-${part}:v1.11.5`, "cert-manager", `cert-manager-${part}`);
}

/** An image with a program of Ory, at the path of the published image. The program calls other servers over TLS. */
function ory(tool: "hydra" | "kratos", version: string): Recipe {
  const programs = [{ tool, program: tool, inside: `/usr/bin/${tool}` }];
  return { reference: `docker.io/oryd/${tool}:${version}`, programs, trees: ["authorities"] };
}

/** Every image of the sandbox. The cluster pulls nothing, so no other image can run. */
export const recipes = {
  busybox: { reference: "docker.io/library/busybox:1.37", trees: ["busybox"] },
  "cert-manager-acmesolver": certManager("acmesolver"),
  "cert-manager-cainjector": certManager("cainjector"),
  "cert-manager-controller": certManager("controller"),
  "cert-manager-webhook": certManager("webhook"),
  "cloudnative-pg": {
    reference: "ghcr.io/cloudnative-pg/cloudnative-pg:1.27.0",
    // The operator reads its own binary from there, one file per architecture. /manager is a link to it.
    programs: [{ tool: "cloudnative-pg", program: "cnpg-manager", inside: "/operator/manager_amd64" }],
  },
  coredns: oneProgram("docker.io/coredns/coredns:1.15.0", "coredns"),
  hydra: ory("hydra", "v2.3.0"),
  identity: {
    reference: "ghcr.io/bibind/identity:0.1.0",
    services: [{ service: "identity", shared: ["components/errors/operator-error.ts"], inside: "/app" }],
    files: [{ file: nodeProgram, inside: "/usr/local/bin/node" }],
    trees: ["node", "authorities"],
  },
  kratos: ory("kratos", "v1.3.1"),
  "kube-rbac-proxy": oneProgram("quay.io/brancz/kube-rbac-proxy:v0.18.1", "kube-rbac-proxy"),
  "local-path-provisioner": {
    reference: "docker.io/rancher/local-path-provisioner:v0.0.30",
    programs: [
      {
        tool: "local-path-provisioner",
        program: "local-path-provisioner",
        inside: "/usr/bin/local-path-provisioner",
      },
    ],
  },
  "metrics-server": oneProgram("registry.k8s.io/metrics-server/metrics-server:v0.8.0", "metrics-server"),
  openbao: {
    reference: "quay.io/openbao/openbao:2.6.2",
    // The chart's start script and hooks need a shell with sed, sleep and pidof, and the entry point in `root/`.
    trees: ["busybox", "authorities"],
    files: [{ file: openbao, inside: "/bin/bao" }],
  },
  pause: { reference: "registry.k8s.io/pause:3.10", trees: ["catatonit"] },
  postgresql: { reference: "ghcr.io/cloudnative-pg/postgresql:17-minimal-trixie", trees: ["postgresql"] },
  traefik: oneProgram("docker.io/library/traefik:v3.3.4", "traefik"),
  "vault-secrets-operator": {
    reference: "docker.io/hashicorp/vault-secrets-operator:0.10.0",
    programs: [
      { tool: "vault-secrets-operator", program: "vault-secrets-operator", inside: "/vault-secrets-operator" },
    ],
    // The chart's upgrade hook runs /scripts/upgrade-crds. It is a link to the operator, which reads the files in
    // crds/.
    modules: [
      {
        tool: "vault-secrets-operator",
        module: "github.com/hashicorp/vault-secrets-operator",
        folder: "chart/crds",
        inside: "/scripts/crds",
      },
    ],
  },
} as const satisfies Record<string, Recipe>;

/** A name in `recipes`. */
export type ImageName = keyof typeof recipes;
