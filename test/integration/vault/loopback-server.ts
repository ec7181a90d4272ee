import type { ServerParameters } from "../toolchain/vault/openbao.ts";

/** What the platform's component writes for every server, with the loopback in place of pods. */
export function onLoopback({ folder, api, cluster }: ServerParameters) {
  return {
    listener: {
      certFile: `${folder}/bao.pem`,
      keyFile: `${folder}/bao.key`,
      address: `127.0.0.1:${api}`,
      clusterAddress: `127.0.0.1:${cluster}`,
    },
    storage: { path: `${folder}/data`, nodeId: "one" },
    apiAddress: `https://127.0.0.1:${api}`,
    clusterAddress: `https://127.0.0.1:${cluster}`,
    ui: false,
  };
}

/** The seal of such a server: a key in a file. */
export function staticSeal({ folder }: ServerParameters) {
  return { kind: "static", key: { id: "one", file: `${folder}/seal.key` } } as const;
}
