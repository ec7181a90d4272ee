import { object } from "../operations/object.ts";
import { intermediateRequest, rootCertificate, setSigned, signedIntermediate } from "../operations/pki.ts";
import { duration, each, flag, list, number, place, text } from "../schema/property.ts";
import { enterpriseOnly, newerVaultOnly, row } from "../schema/row.ts";

const names = list({ joined: true });

/** Who the certificate is for. */
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

/** What an authority may sign for. */
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

/** The API tells nothing of these again, and a certificate is never changed: a new one is made. */
const once = { replaces: true, unread: true } as const;
const keyUsages = list({ field: "key_usage" });
const managedKeys = { [enterpriseOnly]: ["managedKeyId", "managedKeyName"] };
const backend = place({ required: true });
const output = text({ output: true });

/** Vault takes these when it makes a certificate; the vendor's plugin keeps the certificate when they change. */
const atCreation = each(
  { ttl: duration(), signatureBits: number({ computed: true }), notAfter: text() },
  { unread: true },
);

const authorityRows = [
  row({
    type: "vault:pkiSecret/secretBackendRootCert:SecretBackendRootCert",
    path: "{backend}/root",
    unique: ["issuerName", "keyName"],
    properties: {
      ...each({ backend, ...subject, ...constraints, ...key, keyUsages }, once),
      ...each(
        { issuerName: text({ computed: true }), notBeforeDuration: duration({ computed: true }), usePss: flag() },
        once,
      ),
      ...atCreation,
      certificate: output,
      issuingCa: output,
      serialNumber: output,
      issuerId: output,
      keyId: output,
    },
    refuses: managedKeys,
    operations: rootCertificate,
  }),
  row({
    type: "vault:pkiSecret/secretBackendIntermediateCertRequest:SecretBackendIntermediateCertRequest",
    path: "{backend}/intermediate",
    unique: ["keyName"],
    properties: {
      ...each({ backend, ...subject, ...key, keyUsages }, once),
      ...each({ addBasicConstraints: flag(), serialNumber: text(), signatureBits: number({ computed: true }) }, once),
      csr: output,
      keyId: output,
      privateKey: text({ output: true, secret: true }),
      privateKeyType: output,
    },
    refuses: managedKeys,
    operations: intermediateRequest,
  }),
  row({
    type: "vault:pkiSecret/secretBackendRootSignIntermediate:SecretBackendRootSignIntermediate",
    path: "{backend}/{commonName}",
    unique: [],
    properties: {
      ...each({ backend, ...subject, ...constraints, keyUsages, csr: text({ required: true }) }, once),
      ...each({ format: text({ default: "pem" }), issuerRef: text({ computed: true }), skid: text() }, once),
      ...each({ useCsrValues: flag({ default: false }), usePss: flag() }, once),
      ...each({ notBeforeDuration: duration({ computed: true }) }, once),
      ...atCreation,
      revoke: flag({ default: false, unread: true, field: false }),
      caChains: list({ output: true, field: "ca_chain" }),
      certificate: output,
      certificateBundle: output,
      issuingCa: output,
      serialNumber: output,
    },
    operations: signedIntermediate,
  }),
  row({
    type: "vault:pkiSecret/secretBackendIntermediateSetSigned:SecretBackendIntermediateSetSigned",
    path: "{backend}/intermediate/set-signed",
    unique: [],
    properties: {
      ...each({ backend, certificate: text({ required: true }) }, once),
      importedIssuers: list({ output: true }),
      importedKeys: list({ output: true }),
    },
    operations: setSigned,
  }),
];

const allowed = flag({ default: true });
const denied = flag({ default: false });

const issuingRows = [
  row({
    type: "vault:pkiSecret/secretBackendRole:SecretBackendRole",
    path: "{backend}/roles/{name}",
    properties: {
      backend,
      name: place({ autoName: true }),
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
      "give the object identifiers in policyIdentifiers": ["policyIdentifier"],
    },
    operations: object(),
  }),
  row({
    type: "vault:pkiSecret/secretBackendConfigUrls:SecretBackendConfigUrls",
    path: "{backend}/config/urls",
    properties: {
      backend,
      issuingCertificates: list(),
      crlDistributionPoints: list(),
      ocspServers: list(),
      enableTemplating: flag(),
    },
    operations: object({ stays: true }),
  }),
  row({
    type: "vault:pkiSecret/backendConfigAutoTidy:BackendConfigAutoTidy",
    path: "{backend}/config/auto-tidy",
    properties: {
      backend,
      enabled: flag({ required: true }),
      intervalDuration: duration({ computed: true }),
      safetyBuffer: duration({ computed: true }),
      issuerSafetyBuffer: duration({ computed: true }),
      acmeAccountSafetyBuffer: duration({ computed: true }),
      pauseDuration: duration({ computed: true }),
      maintainStoredCertificateCounts: denied,
      publishStoredCertificateCountMetrics: denied,
      tidyAcme: denied,
      tidyCertStore: denied,
      tidyExpiredIssuers: denied,
      tidyMoveLegacyCaBundle: denied,
      tidyRevokedCertIssuerAssociations: denied,
      tidyRevokedCerts: denied,
    },
    refuses: {
      [enterpriseOnly]: [
        "revocationQueueSafetyBuffer",
        "tidyCertMetadata",
        "tidyCmpv2NonceStore",
        "tidyCrossClusterRevokedCerts",
        "tidyRevocationQueue",
      ],
      [newerVaultOnly]: ["maxStartupBackoffDuration", "minStartupBackoffDuration"],
    },
    operations: object({ stays: true }),
  }),
];

export const pkiRows = [...authorityRows, ...issuingRows];
