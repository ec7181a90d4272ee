export type Distribution = "openbao" | "vault";
export type Seal = { readonly type: "static" };
export function serverConfiguration(args: {
  distribution: Distribution;
  tlsFolder: string;
  seal: Seal;
  sealKeyFile: string;
  model: string;
  replicas: number;
}): string {
  return JSON.stringify(args);
}
