import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { caFile, caSecret } from "../../../../components/kubernetes/model.ts";
import {
  caChecksum,
  caVolume,
  configVolume,
  delayedStop,
  kubernetesAccess,
  secretVolume,
  tokenVolume,
  type MountedVolume,
} from "../../../../components/kubernetes/pods.ts";
import { settled } from "../../../support/outputs.ts";

const volumes: readonly (readonly [string, MountedVolume, string])[] = [
  ["the cluster-internal CA", caVolume, "/etc/bibind-ca"],
  ["a Secret", secretVolume("tls", "/etc/tls", "hydra-tls"), "/etc/tls"],
  ["a ConfigMap", configVolume("/etc/identity", "identity"), "/etc/identity"],
  ["a token of Vault", tokenVolume("/var/run/vault", "vault"), "/var/run/vault"],
  ["credentials of Kubernetes", kubernetesAccess("/var/run/kubernetes"), "/var/run/kubernetes"],
];

describe("the volumes of a pod", () => {
  for (const [what, { volume, mount }, folder] of volumes) {
    it(`mount ${what} read-only in the given folder`, () => {
      assert.deepEqual(mount, { name: volume.name, mountPath: folder, readOnly: true });
    });
  }

  it("have names of their own, so that one pod can have them all", () => {
    const names = volumes.map(([, { volume }]) => volume.name);
    assert.equal(new Set(names).size, names.length);
  });

  it("hold the CA of every model, in the file that the programs trust", () => {
    assert.deepEqual(caVolume.volume, { name: "ca", secret: { secretName: caSecret, defaultMode: 0o440 } });
    assert.equal(caFile, `${caVolume.mount.mountPath}/ca.crt`);
  });

  it("limit a token to one audience and ten minutes", () => {
    const { volume } = tokenVolume("/var/run/vault", "vault");
    const token = { serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } };
    assert.deepEqual(volume, { name: "token", projected: { sources: [token] } });
  });

  it("show a Secret to the pod's group, and to nobody else", () => {
    const { volume } = secretVolume("tls", "/etc/tls", "hydra-tls");
    assert.deepEqual(volume, { name: "tls", secret: { secretName: "hydra-tls", defaultMode: 0o440 } });
  });
});

describe("the checksum of the CA in the annotations of a pod", () => {
  it("changes with the CA, and only then", async () => {
    const checksums = await Promise.all(
      ["ONE CA", "ONE CA", "ANOTHER CA"].map((pem) => settled(pulumi.output(caChecksum(pem)))),
    );
    assert.deepEqual(checksums[1], checksums[0]);
    assert.notDeepEqual(checksums[2], checksums[0]);
  });
});

describe("the delayed stop of a container", () => {
  it("takes some seconds, and ends before Kubernetes kills the container", () => {
    const { seconds } = delayedStop.preStop.sleep;
    assert(seconds >= 5 && seconds < 30, String(seconds));
  });
});
