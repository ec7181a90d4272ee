import type { PeopleRole } from "../../components/vault/people.ts";

/** Name of an application: `<layer>/<application>`. */
export type ApplicationName = `${string}/${string}`;

/** An OAuth2 client as its consumer declares it. Vault generates its secret. */
export interface DeclaredClient {
  /** Name of the client in Hydra, unique on the platform. */
  readonly clientId: string;
  /** Name that people see when they are asked for consent. */
  readonly name: string;
  readonly grantTypes: readonly ("authorization_code" | "client_credentials" | "refresh_token")[];
  readonly scopes: readonly string[];
  /** Audiences that its tokens may have. Default: none. */
  readonly audience?: readonly string[];
  /** Redirect URIs below the consumer's own host, as paths. Default: none. */
  readonly redirectPaths?: readonly string[];
  /** Redirect URIs outside of the platform, such as that of a command line on a person's machine. Default: none. */
  readonly redirectUris?: readonly string[];
  /** Whether it is a part of the platform: people are not asked for consent. Default: false. */
  readonly trusted?: boolean;
  /** Increase it for a new secret. Default: 1. */
  readonly secretGeneration?: number;
}

/** What a relation says about each interface. */
interface Details {
  readonly oauth: { readonly client: DeclaredClient };
  readonly "oauth-admin": object;
  readonly identity: object;
  readonly web: object;
  readonly operation: object;
  /** The consumer reads its own secrets, which the secrets operator syncs. */
  readonly secrets: {
    /** Keys that the platform generates for the consumer, with their length in characters. Default: none. */
    readonly keys?: Readonly<Record<string, { readonly length: number }>>;
    /** Secrets from the settings of its layer, by their names in Vault. Default: none. */
    readonly settings?: readonly string[];
  };
  /**
   * The consumer's pods call Vault themselves. `sync`: the secrets operator. `keyring`: makes the keys of the application
   * `keysOf`. `clients`: keeps the credentials of OAuth2 clients. `init`: initialises HashiCorp Vault.
   */
  readonly "vault-api": { readonly use: "sync" | "keyring" | "clients" | "init"; readonly keysOf?: string };
  /** The consumer has a database, and Vault leases its users. */
  readonly database: { readonly database: string };
  /** Vault makes the users of all databases. */
  readonly "database-users": object;
}

/** A kind of use that an endpoint offers. */
export type Interface = keyof Details;

/** A relation of one interface. */
export type RelationOf<K extends Interface> = Details[K] & {
  readonly consumer: ApplicationName;
  readonly endpoint: ApplicationName;
  readonly interface: K;
};

/** One declared edge: what a consumer uses of an endpoint. */
export type Relation = { [K in Interface]: RelationOf<K> }[Interface];

/** The pages of an application for people. The start page shows them if the application has an OAuth2 client. */
export interface Pages {
  /** What people do there, in each language of the sign-in pages. */
  readonly purpose: Readonly<Record<"en" | "fr", string>>;
  /** Path of the first page. Default: `/`. */
  readonly path?: string;
  /** Path that answers with a status from 200 to 399 while the application works. Default: `/`. */
  readonly health?: string;
  /** Roles whose members may use it. Default: everybody may. */
  readonly roles?: readonly PeopleRole[];
}

/** An application, and what it offers. */
export interface Application {
  /** Namespace. Default: the model of its layer. */
  readonly namespace?: string;
  /** Whether its pods carry the label of the application. Otherwise they are all pods of its namespace. Default: true. */
  readonly labelled?: boolean;
  /** TCP ports of its pods by interface. Default: it offers nothing. */
  readonly offers?: Readonly<Partial<Record<Interface, readonly number[]>>>;
  /** TCP ports of its pods that everybody reaches, see `ClosedNamespace`. Only for a namespace that is no model. Default: none. */
  readonly publicPorts?: readonly number[];
  /** TCP ports on which its own pods reach each other. Default: none. */
  readonly peers?: readonly number[];
  /** Its pages, if people open it in a browser. Its layer gives it a host name in `hosts`. */
  readonly pages?: Pages;
}

/** The two parts of an application's name. */
export function partsOf(name: ApplicationName): { readonly layer: string; readonly app: string } {
  const [layer = "", app = ""] = name.split("/");
  return { layer, app };
}

/** A relation in one line for people: `iam/hydra → iam/postgres (database)`. */
export function relationName({ consumer, endpoint, interface: kind }: Relation): string {
  return `${consumer} → ${endpoint} (${kind})`;
}
