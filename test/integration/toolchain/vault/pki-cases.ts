import { mount, type Case } from "./case.ts";

export const pkiCases: readonly Case[] = [
  {
    type: "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert",
    prepare: mount("pki", "root"),
    program: {
      backend: "root",
      type: "internal",
      commonName: "Bibind root",
      ttl: "1h",
      issuerName: "first",
      keyType: "ec",
      keyBits: 256,
    },
    replace: { commonName: "Bibind other root" },
    deletesFirst: true,
    deleteByHand: (vault, id) => vault.delete(id),
  },
  {
    type: "vault:pkiSecret/secretBackendRole:SecretBackendRole",
    prepare: mount("pki", "issue"),
    program: {
      backend: "issue",
      name: "web",
      allowedDomains: ["bibind.test"],
      allowSubdomains: true,
      ttl: "86400",
      maxTtl: "72h",
      keyType: "ec",
      keyBits: 256,
      organizations: ["Bibind"],
    },
    change: { allowedDomains: ["bibind.test", "bibind.com"], requireCn: false, ttl: "3600" },
    replace: { name: "site" },
    changeByHand: (vault) => vault.post("issue/roles/site", { allow_any_name: true, key_type: "ec", key_bits: 256 }),
    deleteByHand: (vault) => vault.delete("issue/roles/site"),
  },
];
