import type { SignInPlace } from "../../components/identity/ory-server.ts";

/** Where a part of the sign-in runs in a test. */
export const signInHost: Omit<SignInPlace, "chart"> = {
  model: "iam",
  namespace: "iam",
  replicas: 2,
  host: "auth.bibind.test",
  hostTlsSecret: "sign-in-door",
  ingressClass: "public",
  clusterIssuer: "bibind",
};

/** The same for a server that comes by a chart. */
export const signInPlace: SignInPlace = {
  ...signInHost,
  chart: { chart: "server", repository: "https://charts.example.com/", version: "0.57.1" },
};
