import { generateKeyPairSync, sign, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { json } from "node:stream/consumers";
import { join } from "node:path";
import { z } from "zod";

/** The API of Kubernetes by which others ask whether a service account's token is genuine (`TokenReview`). */
export interface TokenReviews {
  /** A token as Kubernetes would sign it. */
  tokenFor(account: ServiceAccount): string;
  /** The same token signed by somebody else. */
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

/** Reviews tokens at `https://127.0.0.1:PORT`, with the certificate that a test's OpenBao has in its folder. */
export async function reviewTokens(folder: string, port: number): Promise<TokenReviews> {
  const key = newKey();
  const other = newKey();
  const [cert, certKey] = await Promise.all(["bao.pem", "bao.key"].map((file) => readFile(join(folder, file))));
  const server = createServer({ cert, key: certKey }, (request, response) => {
    void json(request).then((body) => {
      const { token, audiences } = review.parse(body).spec;
      const answer = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...answer, status: verdict(token, audiences, key) }));
    });
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
