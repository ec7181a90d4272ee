import { object } from "../operations/object.ts";
import { rootCertificate } from "../operations/pki.ts";
import { duration, each, flag, list, number, pathPart, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

const names = list({ joined: true });

/** The subject of a certificate. */
const subject = {
  commonName: text({ required: true }),
  altNames: names,
  ipSans: names,
  uriSans: names,
  otherSans: names,
  excludeCnFromSans: flag(),
  ou: text(),
  organization: text(),
  country: text(),
  locality: text(),
  province: text(),
  streetAddress: text(),
  postalCode: text(),
};

/** The limits of what a certificate authority may sign. */
const constraints = {
  maxPathLength: number({ default: -1 }),
  permittedDnsDomains: names,
  excludedDnsDomains: names,
  permittedIpRanges: names,
  excludedIpRanges: names,
  permittedEmailAddresses: names,
  excludedEmailAddresses: names,
  permittedUriDomains: names,
  excludedUriDomains: names,
};

const key = {
  type: text({ required: true, field: false }),
  format: text({ default: "pem" }),
  privateKeyFormat: text({ default: "der" }),
  keyType: text({ default: "rsa" }),
  keyBits: number({ default: 2048 }),
  keyName: text({ computed: true }),
  keyRef: text({ computed: true }),
};

/** The API does not return these properties. A change needs a new certificate. */
const fixedAtCreation = { replaces: true, unread: true } as const;
const keyUsages = list({ field: "key_usage" });
const backend = pathPart({ required: true });
const output = text({ output: true });

/** Vault reads these properties only at creation. A later change has no effect, as with the vendor's plugin. */
const usedAtCreation = each(
  { ttl: duration(), signatureBits: number({ computed: true }), notAfter: text() },
  { unread: true },
);

const allowed = flag({ default: true });
const denied = flag({ default: false });

export const pkiRows = [
  row({
    type: "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert",
    path: "{backend}/root",
    unique: ["issuerName", "keyName"],
    properties: {
      ...each({ backend, ...subject, ...constraints, ...key, keyUsages }, fixedAtCreation),
      ...each(
        { issuerName: text({ computed: true }), notBeforeDuration: duration({ computed: true }), usePss: flag() },
        fixedAtCreation,
      ),
      ...usedAtCreation,
      certificate: output,
      issuingCa: output,
      serialNumber: output,
      issuerId: output,
      keyId: output,
    },
    refuses: { [enterpriseOnly]: ["managedKeyId", "managedKeyName"] },
    operations: rootCertificate,
  }),
  row({
    type: "vault:pkiSecret/secretBackendRole:SecretBackendRole",
    path: "{backend}/roles/{name}",
    properties: {
      backend,
      name: pathPart({ autoName: true }),
      issuerRef: text({ computed: true }),
      ttl: duration({ computed: true }),
      maxTtl: duration({ computed: true }),
      notBeforeDuration: duration({ computed: true }),
      notAfter: text(),
      allowLocalhost: allowed,
      allowIpSans: allowed,
      allowWildcardCertificates: allowed,
      allowAnyName: denied,
      allowBareDomains: denied,
      allowGlobDomains: denied,
      allowSubdomains: denied,
      allowedDomains: list(),
      allowedDomainsTemplate: denied,
      allowedOtherSans: list(),
      allowedSerialNumbers: list(),
      allowedUriSans: list(),
      allowedUriSansTemplate: flag({ computed: true }),
      allowedUserIds: list(),
      basicConstraintsValidForNonCa: denied,
      cnValidations: list({ computed: true }),
      enforceHostnames: allowed,
      requireCn: allowed,
      serverFlag: allowed,
      clientFlag: allowed,
      codeSigningFlag: denied,
      emailProtectionFlag: denied,
      keyType: text({ default: "rsa" }),
      keyBits: number({ default: 2048 }),
      signatureBits: number({ computed: true }),
      keyUsages: list({ computed: true, field: "key_usage" }),
      extKeyUsages: list({ field: "ext_key_usage" }),
      extKeyUsageOids: list(),
      policyIdentifiers: list(),
      usePss: denied,
      useCsrCommonName: allowed,
      useCsrSans: allowed,
      generateLease: denied,
      noStore: denied,
      organizationUnit: list({ field: "ou" }),
      organizations: list({ field: "organization" }),
      countries: list({ field: "country" }),
      localities: list({ field: "locality" }),
      provinces: list({ field: "province" }),
      streetAddresses: list({ field: "street_address" }),
      postalCodes: list({ field: "postal_code" }),
    },
    refuses: {
      [enterpriseOnly]: ["noStoreMetadata"],
      [newerVaultOnly]: ["serialNumberSource"],
      "set the object identifiers in policyIdentifiers": ["policyIdentifier"],
    },
    operations: object(),
  }),
];
