import { physicalName } from "../names.ts";

/** Path of an application's own keys in the KV engine: `<layer>/<app>`. */
export function keysPath(layer: string, app: string): string {
  return `${physicalName("vaultPathPart", layer)}/${physicalName("vaultPathPart", app)}`;
}

/** Path of a secret that the operator gave in a layer's settings: `settings/<layer>/<setting>`. */
export function settingPath(layer: string, setting: string): string {
  return `settings/${physicalName("vaultPathPart", layer)}/${physicalName("vaultPathPart", setting)}`;
}

/** Path of an OAuth2 client's credential: `oauth/<layer>/<client>`, with the fields `client_id` and `client_secret`. */
export function clientPath(layer: string, clientId: string): string {
  return `oauth/${physicalName("vaultPathPart", layer)}/${physicalName("oauthClient", clientId)}`;
}

/** Policy, and AppRole of a program, of the owner of an OAuth2 client. */
export function clientOwnerRole(layer: string, clientId: string): string {
  return physicalName("vaultRole", "oauth", layer, physicalName("oauthClient", clientId));
}

/** Role of the database engine that leases the users of a layer's database. */
export function databaseRole(layer: string, database: string): string {
  return physicalName("vaultRole", layer, database);
}
