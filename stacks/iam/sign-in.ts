import * as pulumi from "@pulumi/pulumi";
import type { RestartTarget } from "../../components/access/destination.ts";
import type { SyncedSecret } from "../../components/access/synced-secret.ts";
import { ClientController } from "../../components/identity/client-controller.ts";
import { clientController, hydra, kratos, signInPages } from "../../components/identity/endpoints.ts";
import { Hydra } from "../../components/identity/hydra.ts";
import { Kratos } from "../../components/identity/kratos.ts";
import { oryPool } from "../../components/identity/ory-chart.ts";
import type { SignInServerArgs } from "../../components/identity/ory-server.ts";
import { SignInPages } from "../../components/identity/sign-in-pages.ts";
import type { DatabaseConnection } from "../../components/vault/database-connection.ts";
import { personRole } from "../../components/vault/people.ts";
import type { Access } from "../access/access.ts";
import type { LayerModel } from "../access/layer-model.ts";
import { theRelation } from "../map/check.ts";
import type { ApplicationName } from "../map/relation.ts";
import { peopleApplications } from "../map/pages.ts";
import { charts, images } from "../versions.ts";
import type { IamSettings } from "./settings.ts";

/** What the sign-in is built from. */
export interface SignInArgs {
  readonly model: LayerModel;
  readonly access: Access;
  readonly databases: DatabaseConnection;
  readonly settings: IamSettings;
  /** URL of Vault, as pods reach it. */
  readonly vaultAddress: string;
}

/** The servers of the sign-in. */
export interface SignIn {
  readonly hydra: Hydra;
  readonly kratos: Kratos;
  readonly pages: SignInPages;
  /** What must exist before another layer declares an OAuth2 client. */
  readonly controller: ClientController;
}

/** The workloads that read a Secret at their start only. Kratos has a second one, which sends its mail. */
const restarts = {
  hydra: [{ kind: "Deployment", name: hydra }],
  kratos: [
    { kind: "Deployment", name: kratos },
    { kind: "StatefulSet", name: `${kratos}-courier` },
  ],
  pages: [{ kind: "Deployment", name: signInPages }],
} as const satisfies Record<string, readonly RestartTarget[]>;

/** Ory's programs read the service file at each new connection, so no new database user restarts them. */
const databaseUse = { parameters: oryPool, restarts: [] };

/** The arguments that all three servers have in common. */
type CommonServerArgs = Omit<SignInServerArgs, "identity" | "keys">;

function commonServerArgs({ model, settings }: SignInArgs): CommonServerArgs {
  return {
    model: model.name,
    replicas: settings.signIn.replicas,
    host: model.host("iam/identity"),
    edgeCertificate: model.edgeCertificate("iam/identity"),
    ingressClass: model.foundation.ingressClass,
    clusterIssuer: model.foundation.internalIssuer,
    internalCaCertificate: model.foundation.internalCaCertificate,
  };
}

function hydraServer({ model, access, databases, settings }: SignInArgs, common: CommonServerArgs): Hydra {
  const database = access.database("iam/hydra", databases, settings.postgres, databaseUse);
  return new Hydra(
    "iam-hydra",
    {
      ...common,
      chart: model.chart(charts.hydra),
      identity: access.identity("iam/hydra"),
      keys: access.keys("iam/hydra", { values: { dsn: database.url }, restarts: restarts.hydra }),
      database,
    },
    model.options("iam/hydra"),
  );
}

/** Hosts of the applications with pages for people. The sign-in itself is the host of one of them. */
function returnHosts(model: LayerModel): pulumi.Output<string>[] {
  const others = peopleApplications(model.map).filter(({ name }) => name !== "iam/identity");
  return others.map(({ name }) => model.host(name));
}

/** The mail server, for an application that sends mail to people. */
function mail(
  name: ApplicationName,
  { access, settings }: SignInArgs,
  targets: readonly RestartTarget[],
): { readonly mail: SyncedSecret; readonly mailFrom: { readonly address: string; readonly name: string } } {
  const { connection, fromAddress, fromName } = settings.mail;
  return {
    mail: access.setting(name, "mail", { connection }, { restarts: targets }),
    mailFrom: { address: fromAddress, name: fromName },
  };
}

function kratosServer(args: SignInArgs, common: CommonServerArgs): Kratos {
  const { model, access, databases, settings } = args;
  const database = access.database("iam/kratos", databases, settings.postgres, databaseUse);
  return new Kratos(
    "iam-kratos",
    {
      ...common,
      chart: model.chart(charts.kratos),
      identity: access.identity("iam/kratos"),
      keys: access.keys("iam/kratos", { values: { dsn: database.url }, restarts: restarts.kratos }),
      database,
      domain: model.foundation.domain,
      returnHosts: returnHosts(model),
      ...mail("iam/kratos", args, restarts.kratos),
    },
    model.options("iam/kratos"),
  );
}

function signInPagesServer(args: SignInArgs, common: CommonServerArgs): SignInPages {
  const { model, access, settings } = args;
  return new SignInPages(
    "iam-identity",
    {
      ...common,
      identity: access.identity("iam/identity"),
      image: images.identity,
      keys: access.keys("iam/identity", { restarts: restarts.pages }),
      startHost: model.host("iam/welcome"),
      startCertificate: model.edgeCertificate("iam/welcome"),
      ...mail("iam/identity", args, restarts.pages),
      roles: settings.people,
      secondFactor: settings.signIn.secondFactor,
    },
    model.options("iam/identity"),
  );
}

/** The controller of OAuth2 clients, Vault's own client, and the clients of programs outside of the platform. */
function oauthClients({ model, access, settings, vaultAddress }: SignInArgs, server: Hydra): ClientController {
  const { client } = theRelation(model.map, "iam/vault", "oauth", "iam/hydra");
  const controller = new ClientController(
    `iam-${clientController}`,
    {
      model: model.name,
      identity: access.identity("iam/oauth-clients"),
      vaultAddress,
      image: images.identity,
      internalCaCertificate: model.foundation.internalCaCertificate,
      signIn: {
        clientId: client.clientId,
        namespace: model.name,
        issuer: server.url,
        caCertificate: model.foundation.caCertificate,
        defaultRole: personRole,
      },
    },
    pulumi.mergeOptions(model.options("iam/oauth-clients"), { dependsOn: server }),
  );
  access.client("iam/vault", controller);
  for (const outside of settings.oauthClients) {
    access.outsideClient(outside, controller);
  }
  return controller;
}

/** Hydra, Kratos, the sign-in pages, and the OAuth2 clients. */
export function deploySignIn(args: SignInArgs): SignIn {
  const common = commonServerArgs(args);
  const server = hydraServer(args, common);
  return {
    hydra: server,
    kratos: kratosServer(args, common),
    pages: signInPagesServer(args, common),
    controller: oauthClients(args, server),
  };
}
