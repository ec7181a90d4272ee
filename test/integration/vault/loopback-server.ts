import { z } from "zod";
import type { ServerParameters } from "../toolchain/vault/openbao.ts";

/** Files of a server outside of Kubernetes, as the components configure them. */
export function serverFiles({ folder }: ServerParameters) {
  return {
    listener: { certFile: `${folder}/bao.pem`, keyFile: `${folder}/bao.key` },
    storage: { path: `${folder}/data`, peers: [] },
  };
}

/** The seal of such a server: a key in a file. */
export function staticSeal({ folder }: ServerParameters) {
  return { kind: "static", keyId: "one", keyFile: `${folder}/seal.key` } as const;
}

const serverConfiguration = z.looseObject({
  listener: z.tuple([z.object({ tcp: z.looseObject({}) })]),
  storage: z.object({ raft: z.looseObject({}) }),
});

/** A server's configuration with the loopback interface in place of what Kubernetes and the charts give to a pod. */
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
