import type { SignInPlace } from "../../components/identity/hydra.ts";

/** Where a sign-in server runs in a test. */
export const signInPlace: SignInPlace = {
  chart: { chart: "server", repository: "https://charts.example.com/", version: "0.57.1" },
  model: "iam",
  namespace: "iam",
  replicas: 2,
  host: "auth.bibind.test",
  hostTlsSecret: "sign-in-door",
  ingressClass: "public",
  clusterIssuer: "bibind",
};
