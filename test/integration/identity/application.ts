import * as oidc from "openid-client";
import { Agent, fetch as undiciFetch } from "undici";
import type { Platform } from "./platform.ts";

/** An application of the platform. It uses a certified OpenID client library. */
export interface Application {
  /** Redirect URI. Nothing answers there: the test's browser stops at this URL. */
  readonly callback: string;
  /** Begins a sign-in. */
  begin(): Promise<SignIn>;
  /** URL that signs out the person of this ID token. */
  signOut(idToken: string): URL;
  close(): Promise<void>;
}

export interface SignIn {
  /** URL to which the application redirects the browser. */
  readonly url: URL;
  /** Exchanges the code in the URL to which the browser returned for tokens. */
  finish(url: URL): Promise<{ readonly claims: oidc.IDToken; readonly idToken: string; readonly accessToken: string }>;
}

export interface ApplicationOptions {
  readonly clientId: string;
  readonly name: string;
  readonly scope: string;
  readonly skipConsent?: boolean;
}

const audience = "https://api.bibind.test";

/** Registers an application in Hydra, and returns it. */
export async function application(platform: Platform, options: ApplicationOptions): Promise<Application> {
  const callback = `https://${options.clientId}.bibind.test/callback`;
  const secret = "never-log-this-application";
  await fetch(`${platform.hydra.adminUrl}/admin/clients`, {
    method: "POST",
    body: JSON.stringify({
      client_id: options.clientId,
      client_name: options.name,
      client_secret: secret,
      redirect_uris: [callback],
      post_logout_redirect_uris: [callback],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      scope: options.scope,
      audience: [audience],
      skip_consent: options.skipConsent ?? false,
    }),
  });
  const dispatcher = new Agent({ connect: { ca: platform.caCertificate } });
  const customFetch: oidc.CustomFetch = async (url, init) => {
    const { method, headers, body } = init;
    const answer = await undiciFetch(url, {
      method,
      headers,
      body: body instanceof URLSearchParams ? body.toString() : undefined,
      dispatcher,
    });
    return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] });
  };
  const config = await oidc.discovery(
    new URL(platform.publicUrl),
    options.clientId,
    undefined,
    oidc.ClientSecretBasic(secret),
    { [oidc.customFetch]: customFetch },
  );
  return {
    callback,
    async begin() {
      const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: options.scope,
        audience,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return {
        url,
        async finish(back) {
          const checks = {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
          };
          const tokens = await oidc.authorizationCodeGrant(config, back, checks);
          const claims = tokens.claims();
          if (claims === undefined || tokens.id_token === undefined) {
            throw new Error("there is no ID token");
          }
          return { claims, idToken: tokens.id_token, accessToken: tokens.access_token };
        },
      };
    },
    signOut: (idToken) =>
      oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: callback }),
    close: () => dispatcher.close(),
  };
}
