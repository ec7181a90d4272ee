/** Application of Hydra, and the ports of its pods and Services. */
export const hydra = "hydra";
export const hydraPorts = { public: 4444, admin: 4445 } as const;

/** Application of Kratos, and the ports of its pods. */
export const kratos = "kratos";
export const kratosPorts = { public: 4433, admin: 4434 } as const;

/** Port of Kratos' Services. It speaks TLS, although the chart chose port 80. */
export const kratosServicePort = 80;

/** Application of the sign-in pages, and the TLS port of their pods and Service. */
export const signInPages = "identity";
export const signInPort = 8443;

/** Application of the start page: a second host of the sign-in pages. */
export const startPage = "welcome";

/** Application of the controller of OAuth2 clients. */
export const clientController = "oauth-clients";

/** URL of Hydra's admin API for pods. It requires no password: network policies limit its consumers. */
export function hydraAdminUrl(model: string): string {
  return `https://${hydra}-admin.${model}.svc:${hydraPorts.admin}`;
}

/** URLs of Kratos for pods. The admin API requires no password: network policies limit its consumers. */
export function kratosUrls(model: string): { readonly public: string; readonly admin: string } {
  const url = (part: string): string => `https://${kratos}-${part}.${model}.svc:${kratosServicePort}`;
  return { public: url("public"), admin: url("admin") };
}
