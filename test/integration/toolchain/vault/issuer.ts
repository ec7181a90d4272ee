import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { freePort } from "../../../support/free-port.ts";

/** Whom an OIDC auth method asks how people sign in: the discovery document of OpenID Connect, and no keys. */
export interface TestIssuer {
  readonly url: string;
  close(): void;
}

/** @param folder - holds the certificate of a test's OpenBao, which the issuer shows as well */
export async function startIssuer(folder: string): Promise<TestIssuer> {
  const [cert, key] = await Promise.all(["bao.pem", "bao.key"].map((file) => readFile(join(folder, file))));
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const discovery = {
    issuer: url,
    authorization_endpoint: `${url}/oauth2/auth`,
    token_endpoint: `${url}/oauth2/token`,
    jwks_uri: `${url}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ["RS256"],
  };
  const server = createServer({ cert, key }, (request, response) => {
    const isDiscovery = request.url === "/.well-known/openid-configuration";
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(isDiscovery ? discovery : { keys: [] }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
