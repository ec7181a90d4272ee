import type { OpenSession } from "../../components/vault/deployer-login.ts";

/** A session for tests under mocks: nobody is logged in, and no file is written. */
export const noSession: OpenSession = () =>
  Promise.resolve({ token: ".session/vault-token", caCertificate: ".session/vault-ca.pem" });
