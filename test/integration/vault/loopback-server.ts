import { z } from "zod";
import type { ServerParameters } from "../toolchain/vault/openbao.ts";

/** The arguments for the files of a server outside of Kubernetes. */
export function serverFiles({ folder }: ServerParameters) {
  return {
    listener: { certFile: `${folder}/bao.pem`, keyFile: `${folder}/bao.key` },
    storage: { path: `${folder}/data`, peers: [] },
  };
}

/** The arguments for the seal of such a server: a key in a file. */
export function staticSeal({ folder }: ServerParameters) {
  return { kind: "static", keyId: "one", keyFile: `${folder}/seal.key` } as const;
}

const serverConfiguration = z.looseObject({
  listener: z.tuple([z.object({ tcp: z.looseObject({}) })]),
  storage: z.object({ raft: z.looseObject({}) }),
});

/** Changes a server's configuration for the loopback interface: addresses, node id, and no registration in Kubernetes. */
export function onLoopback(configuration: string, { api, cluster }: ServerParameters): string {
  const { listener, storage, ...others } = serverConfiguration.parse(JSON.parse(configuration));
  const addresses = { address: `127.0.0.1:${api}`, cluster_address: `127.0.0.1:${cluster}` };
  return JSON.stringify({
    ...others,
    ui: false,
    api_addr: `https://127.0.0.1:${api}`,
    cluster_addr: `https://127.0.0.1:${cluster}`,
    listener: [{ tcp: { ...listener[0].tcp, ...addresses } }],
    storage: { raft: { ...storage.raft, node_id: "one" } },
    service_registration: undefined,
  });
}
