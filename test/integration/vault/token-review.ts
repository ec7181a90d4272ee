import { generateKeyPairSync, sign, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { json } from "node:stream/consumers";
import { join } from "node:path";
import { z } from "zod";
import type { FirstRequest } from "../../../components/vault/self-init.ts";

/** A server with the Kubernetes API that verifies the tokens of service accounts (`TokenReview`). */
export interface TokenReviews {
  /** A token that this API signed. */
  tokenFor(account: ServiceAccount): string;
  /** A token with a signature of another key. */
  forgedFor(account: ServiceAccount): string;
  close(): void;
}

export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
  readonly audience: string;
}

const claims = z.object({
  sub: z.string(),
  aud: z.array(z.string()),
  exp: z.number(),
  "kubernetes.io": z.object({ serviceaccount: z.object({ uid: z.string() }) }),
});
const review = z.object({ spec: z.object({ token: z.string(), audiences: z.array(z.string()).default([]) }) });

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function newKey() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

type Key = ReturnType<typeof newKey>;

function signed({ namespace, name, audience }: ServiceAccount, key: Key): string {
  const now = Math.floor(Date.now() / 1000);
  const content = [
    encoded({ alg: "ES256", typ: "JWT" }),
    encoded({
      iss: "https://kubernetes.default.svc",
      sub: `system:serviceaccount:${namespace}:${name}`,
      aud: [audience],
      iat: now,
      nbf: now,
      exp: now + 600,
      "kubernetes.io": { namespace, serviceaccount: { name, uid: `uid of ${namespace}/${name}` } },
    }),
  ].join(".");
  const signature = sign("sha256", Buffer.from(content), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

function verdict(token: string, audiences: readonly string[], key: Key) {
  const [head = "", body = "", signature = ""] = token.split(".");
  const genuine = verify(
    "sha256",
    Buffer.from(`${head}.${body}`),
    { key: key.publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  const { sub, aud, exp, ...rest } = claims.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  const accepted = audiences.filter((audience) => aud.includes(audience));
  if (!genuine || exp * 1000 < Date.now() || accepted.length === 0) {
    return { authenticated: false, error: "the token is not valid" };
  }
  const user = { username: sub, uid: rest["kubernetes.io"].serviceaccount.uid, groups: ["system:serviceaccounts"] };
  return { authenticated: true, user, audiences: accepted };
}

/**
 * Changes the requests of the deployer's login for a Vault outside of Kubernetes. Vault then calls the token review API
 * with the token that it reviews.
 *
 * @param port - port of `reviewTokens`
 * @param authority - PEM certificate of the CA that signed the certificate of `reviewTokens`
 */
export function reviewedAt(requests: readonly FirstRequest[], port: number, authority: string): FirstRequest[] {
  const api = {
    kubernetes_host: `https://127.0.0.1:${port}`,
    kubernetes_ca_cert: authority,
    disable_local_ca_jwt: true,
  };
  return requests.map(({ name, path, data }) => ({
    name,
    path,
    data: name === "kubernetes-config" ? { ...data, ...api } : data,
  }));
}

/** Starts the token review API at `https://127.0.0.1:PORT`, with the certificate of a test's OpenBao. */
export async function reviewTokens(folder: string, port: number): Promise<TokenReviews> {
  const key = newKey();
  const other = newKey();
  const [cert, certKey] = await Promise.all(["bao.pem", "bao.key"].map((file) => readFile(join(folder, file))));
  const server = createServer({ cert, key: certKey }, (request, response) => {
    json(request)
      .then((body) => {
        const { token, audiences } = review.parse(body).spec;
        const answer = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
        response.writeHead(201, { "content-type": "application/json" });
        response.end(JSON.stringify({ ...answer, status: verdict(token, audiences, key) }));
      })
      .catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    tokenFor: (account) => signed(account, key),
    forgedFor: (account) => signed(account, other),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
