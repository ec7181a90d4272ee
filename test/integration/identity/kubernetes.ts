import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { machineTree } from "../../../sandbox/machine/tree.ts";
import { goTool } from "../../../sandbox/toolchain/go/build.ts";
import { freePort } from "../../support/free-port.ts";
import { certificates } from "../toolchain/vault/openbao.ts";
import { startServer, type TestServer } from "./server.ts";

/** A response of the API server. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** A real Kubernetes API server with its etcd on the loopback interface. It has no nodes and no controllers. */
export interface TestKubernetes {
  readonly server: string;
  readonly caFile: string;
  /** Token of `serviceAccount`, which has no permission at first. */
  readonly tokenFile: string;
  /** Sends a request as an administrator. A PATCH is a merge patch. */
  request(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<Reply>;
  stop(): Promise<void>;
}

/** The service account of the token. */
export const serviceAccount = { namespace: "iam", name: "clients" } as const;

async function startEtcd(): Promise<TestServer & { readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), "bibind-etcd-"));
  const [clients, peers] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${clients}`;
  const args = [
    `--data-dir=${folder}/data`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=http://127.0.0.1:${peers}`,
    "--unsafe-no-fsync",
  ];
  const binary = join(await machineTree(), "usr", "bin", "etcd");
  const server = await startServer({ binary, args, env: {}, folder, readyUrl: `${url}/health` });
  return { ...server, url };
}

/** Writes the certificates, the tokens and the arguments of an API server. */
async function prepareApiServer(folder: string, port: number, etcdUrl: string) {
  const [adminToken, token] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
  const user = `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
  await certificates(folder);
  await writeFile(join(folder, "tokens.csv"), `${adminToken},admin,1,system:masters\n${token},${user},2\n`);
  await writeFile(join(folder, "token"), token, { mode: 0o600 });
  await mkdir(join(folder, "run"));
  const args = [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${folder}/run`,
    `--tls-cert-file=${folder}/bao.pem`,
    `--tls-private-key-file=${folder}/bao.key`,
    `--token-auth-file=${folder}/tokens.csv`,
    "--authorization-mode=RBAC",
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${folder}/bao.pem`,
    `--service-account-signing-key-file=${folder}/bao.key`,
  ];
  return { args, adminToken };
}

export async function startKubernetes(): Promise<TestKubernetes> {
  const binary = join(await goTool("kubernetes"), "kube-apiserver");
  const etcd = await startEtcd();
  const folder = await mkdtemp(join(tmpdir(), "bibind-kubernetes-"));
  const port = await freePort();
  const server = `https://127.0.0.1:${port}`;
  const { args, adminToken } = await prepareApiServer(folder, port, etcd.url);
  const caFile = join(folder, "ca.pem");
  const dispatcher = new Agent({ connect: { ca: await readFile(caFile, "utf8") } });
  const program = { binary, args, env: {}, folder, readyUrl: `${server}/readyz`, dispatcher };
  const apiServer = await startServer(program).catch(async (error: unknown) => {
    await etcd.stop();
    throw error;
  });
  return {
    server,
    caFile,
    tokenFile: join(folder, "token"),
    async request(method, path, body) {
      const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const reply = await fetch(`${server}${path}`, {
        dispatcher,
        method,
        headers: { authorization: `Bearer ${adminToken}`, "content-type": contentType },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { status: reply.status, body: await reply.json() };
    },
    async stop() {
      await dispatcher.close();
      await apiServer.stop();
      await etcd.stop();
    },
  };
}
