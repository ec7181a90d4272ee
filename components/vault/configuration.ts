import { deployerName, deployerPolicy } from "./policies/deployer.ts";
import { vaultAudience } from "./address.ts";
export type Distribution = "openbao" | "vault";
export type Seal = { readonly type: "static" };
export function serverConfiguration({ tlsFolder, sealKeyFile, model }: { distribution: Distribution; tlsFolder: string; seal: Seal; sealKeyFile: string; model: string; replicas: number }): string {
  const request = (name: string, path: string, data: object): string => `
  request "${name}" {
    operation = "update"
    path      = "${path}"
    data      = ${JSON.stringify(data)}
  }`;
  return `ui = true
listener "tcp" {
  address = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_cert_file = "${tlsFolder}/tls.crt"
  tls_key_file = "${tlsFolder}/tls.key"
}
storage "raft" {
  path = "/openbao/data"
}
seal "static" {
  current_key_id = "1"
  current_key = "file://${sealKeyFile}"
}
audit "file" "file" {
  options {
    file_path = "/openbao/audit/audit.log"
  }
}
initialize "deployer" {${request("method", "sys/auth/kubernetes", { type: "kubernetes" })}
${request("host", "auth/kubernetes/config", { kubernetes_host: "https://kubernetes.default.svc" })}
${request("policy", `sys/policies/acl/${deployerName}`, { policy: Buffer.from(deployerPolicy).toString("base64") })}
${request("role", `auth/kubernetes/role/${deployerName}`, { bound_service_account_names: [deployerName], bound_service_account_namespaces: [model], audience: vaultAudience, token_policies: [deployerName], token_ttl: "1h", token_max_ttl: "1h" })}
}
`;
}
