import type { OpenSession } from "../../components/vault/deployer-login.ts";

/** A session for tests with mocks. It does not log in and writes no file. */
export const noSession: OpenSession = () =>
  Promise.resolve({ token: ".session/vault-token", caCertificate: ".session/vault-ca.pem" });
