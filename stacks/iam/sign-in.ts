import * as pulumi from "@pulumi/pulumi";
import { after } from "../../components/after.ts";
import { Certificate } from "../../components/access/certificate.ts";
import type { RestartTarget } from "../../components/access/destination.ts";
import { Hydra, hydra, hydraAdminUrl } from "../../components/identity/hydra.ts";
import { IdentityTask } from "../../components/identity/identity-task.ts";
import { Kratos, kratos } from "../../components/identity/kratos.ts";
import type { SignInPlace } from "../../components/identity/ory-server.ts";
import { authMethods } from "../../components/vault/mounts.ts";
import { personRole } from "../../components/vault/people.ts";
import { SignInPages, signInPages } from "../../components/identity/sign-in-pages.ts";
import { declaredClients, peopleClient } from "../graph/consequences.ts";
import { charts, images, type ChartPin } from "../versions.ts";
import type { Applications } from "./applications.ts";
import type { IamPlace } from "./place.ts";
import type { IamSettings } from "./settings.ts";

/** What people and programs sign in by. */
export interface SignIn {
  readonly issuer: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly hydraVersion: pulumi.Output<string>;
  readonly kratosVersion: pulumi.Output<string>;
}

const hydraPods: RestartTarget = { kind: "Deployment", name: hydra };
/** Kratos' own pods, and the one that sends its mail. */
const kratosPods: readonly RestartTarget[] = [
  { kind: "Deployment", name: kratos },
  { kind: "StatefulSet", name: `${kratos}-courier` },
];

/** How often Hydra is made to hold exactly the declared clients, as cron says it. */
const clientsSchedule = "*/10 * * * *";

function signInPlace(place: IamPlace, settings: IamSettings["signIn"], door: Certificate): Omit<SignInPlace, "chart"> {
  const { model, namespace, foundation } = place;
  return {
    model,
    namespace,
    replicas: settings.replicas,
    host: pulumi.interpolate`${settings.hostName}.${foundation.domain}`,
    hostTlsSecret: door.secretName,
    ingressClass: foundation.ingressClass,
    clusterIssuer: foundation.innerIssuer,
  };
}

/** Hydra, Kratos, the pages, and the OAuth2 clients that the relations declare. */
export function deploySignIn(place: IamPlace, settings: IamSettings, applications: Applications): SignIn {
  const { namespace, foundation, opts } = place;
  const door = new Certificate(
    "iam-sign-in-door",
    {
      namespace,
      secretName: "sign-in-door",
      dnsNames: [pulumi.interpolate`${settings.signIn.hostName}.${foundation.domain}`],
      clusterIssuer: foundation.clusterIssuer,
    },
    opts,
  );
  const here = signInPlace(place, settings.signIn, door);
  const chart = (pin: ChartPin): SignInPlace => ({ ...here, chart: place.chart(pin) });

  const hydraDatabase = applications.database("iam/hydra");
  const hydraServer = new Hydra(
    "iam-hydra",
    {
      ...chart(charts.hydra),
      serviceAccount: applications.identity("iam/hydra").serviceAccount,
      keyringSecret: applications.keyring("hydra", { dsn: hydraDatabase.url }, hydraPods),
      databaseSecret: hydraDatabase.secretName,
    },
    opts,
  );
  const kratosDatabase = applications.database("iam/kratos");
  const kratosServer = new Kratos(
    "iam-kratos",
    {
      ...chart(charts.kratos),
      domain: foundation.domain,
      serviceAccount: applications.identity("iam/kratos").serviceAccount,
      keyringSecret: applications.keyring("kratos", { dsn: kratosDatabase.url }, ...kratosPods),
      databaseSecret: kratosDatabase.secretName,
      mailSecret: applications.setting("iam/kratos", "mail", { connection: settings.mail.connection }),
      mailFrom: { address: settings.mail.fromAddress, name: settings.mail.fromName },
    },
    opts,
  );
  const pages = new SignInPages(
    "iam-identity",
    {
      ...here,
      identity: applications.identity("iam/identity"),
      image: images.identity,
      keyringSecret: applications.keyring("identity", {}, { kind: "Deployment", name: signInPages }),
      roles: settings.people,
    },
    opts,
  );
  oauthClients(place, settings.oauthClients, applications, hydraServer);
  return {
    issuer: hydraServer.url,
    url: after([kratosServer.url], pages.url),
    hydraVersion: hydraServer.appVersion,
    kratosVersion: kratosServer.appVersion,
  };
}

function oauthClients(
  place: IamPlace,
  outside: IamSettings["oauthClients"],
  applications: Applications,
  server: Hydra,
): void {
  const { map, model, foundation, opts } = place;
  const vault = applications.taskVault("iam/oauth-clients");
  const config = pulumi
    .all([foundation.domain, vault, server.url, foundation.caCertificate])
    .apply(([domain, vault, issuer, caCertificate]) => ({
      hydra: { adminUrl: hydraAdminUrl(model) },
      vault,
      clients: declaredClients(map, outside, domain),
      signIn: {
        mount: authMethods.people,
        clientId: peopleClient(map, domain).clientId,
        issuer,
        caCertificate,
        defaultRole: personRole,
      },
    }));
  new IdentityTask(
    "iam-oauth-clients",
    {
      identity: applications.identity("iam/oauth-clients"),
      application: "oauth-clients",
      image: images.identity,
      command: ["reconcile-clients"],
      schedule: clientsSchedule,
      config,
    },
    opts,
  );
}
