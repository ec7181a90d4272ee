import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { Certificate } from "../../components/kubernetes/certificate.ts";
import type { PublishedChart } from "../../components/kubernetes/helm-chart.ts";
import { Model } from "../../components/kubernetes/model.ts";
import { Opening } from "../../components/kubernetes/opening.ts";
import { Route } from "../../components/kubernetes/route.ts";
import { PostgresCluster } from "../../components/postgres/cluster.ts";
import { postgresApplication } from "../../components/postgres/endpoint.ts";
import type { FoundationOutputs } from "../foundation/contract.ts";
import type { LayerContext } from "../layer.ts";
import { openingsOf } from "../map/openings.ts";
import { operatorsOf } from "../map/operators.ts";
import type { PlatformMap } from "../map/platform-map.ts";
import { partsOf, type ApplicationName } from "../map/relation.ts";
import { images, type ChartPin } from "../versions.ts";
import type { PostgresSettings } from "./postgres-settings.ts";

/** A Service that the ingress shows to people. */
export interface Exposure {
  readonly service: string;
  /** Its port, which speaks TLS with a cluster-internal certificate. */
  readonly port: number;
}

/** The model of one layer: its namespace, the openings of its relations, and what every application in it can use. */
export class LayerModel {
  /** Name of the layer, of the model and of the namespace. */
  readonly name: string;
  readonly map: PlatformMap;
  readonly foundation: FoundationOutputs;
  readonly #context: LayerContext;
  readonly #provider: Provider;
  readonly #model: Model;
  readonly #openings: ReadonlyMap<ApplicationName, readonly Opening[]>;

  /** @param context - everything in the model waits for its required resources */
  constructor(layer: string, context: LayerContext, foundation: FoundationOutputs) {
    this.name = layer;
    this.map = context.map;
    this.#context = context;
    this.foundation = foundation;
    this.#provider = new Provider(
      `${layer}-kubernetes`,
      { kubeconfig: foundation.kubeconfig, enableServerSideApply: true },
      { dependsOn: [...context.required] },
    );
    const opts = { providers: { kubernetes: this.#provider } };
    this.#model = new Model(
      layer,
      {
        model: layer,
        caCertificate: foundation.internalCaCertificate,
        hosts: [...this.map.hosts.keys()]
          .filter((name) => partsOf(name).layer === layer)
          .map((name) => this.host(name)),
        operators: operatorsOf(this.map, layer),
      },
      opts,
    );
    this.#openings = this.#open(opts);
  }

  #open(opts: pulumi.ComponentResourceOptions): ReadonlyMap<ApplicationName, readonly Opening[]> {
    const openings = new Map<ApplicationName, Opening[]>();
    for (const { name, ends, ...args } of openingsOf(this.map, this.name)) {
      const opening = new Opening(name, args, { ...opts, dependsOn: this.#model });
      for (const end of new Set(ends)) {
        openings.set(end, [...(openings.get(end) ?? []), opening]);
      }
    }
    return openings;
  }

  /** Options of components: they wait until the model and the openings of the application's relations exist. */
  options(application?: ApplicationName): pulumi.ComponentResourceOptions {
    const openings = application === undefined ? [] : (this.#openings.get(application) ?? []);
    return { providers: { kubernetes: this.#provider }, dependsOn: [this.#model, ...openings] };
  }

  /** Options of components that use an application of another layer: they also wait until it is ready. */
  consumerOptions(of: ApplicationName, application?: ApplicationName): pulumi.ComponentResourceOptions {
    return pulumi.mergeOptions(this.options(application), { dependsOn: [...this.#context.requiredOf(of)] });
  }

  /** A pinned chart, from the platform's mirror if there is one. */
  chart({ chart, version, repository }: ChartPin): PublishedChart {
    const mirror = this.foundation.chartRepository;
    return { chart, version, repository: mirror.apply((url) => (url === "" ? repository : url)) };
  }

  /** Full DNS name of an application's host. */
  host(application: ApplicationName): pulumi.Output<string> {
    const host = this.map.hosts.get(application);
    if (host === undefined) {
      throw new Error(`the layer of ${application} gives it no host name: add it to "hosts"`);
    }
    return pulumi.interpolate`${host}.${this.foundation.domain}`;
  }

  /** Issuer of the platform's tokens; undefined when another stack deploys it. */
  issuer(): pulumi.Output<string> | undefined {
    return this.map.hosts.has("iam/identity") ? pulumi.interpolate`https://${this.host("iam/identity")}` : undefined;
  }

  /** The certificate of an application's host, for people. */
  edgeCertificate(application: ApplicationName): Certificate {
    const { layer, app } = partsOf(application);
    return new Certificate(
      `${layer}-${app}-edge`,
      {
        namespace: this.name,
        secretName: `${app}-edge`,
        dnsNames: [this.host(application)],
        clusterIssuer: this.foundation.clusterIssuer,
      },
      this.options(application),
    );
  }

  /** The certificate of an application's Service, for pods. */
  internalCertificate(application: ApplicationName, service: string): Certificate {
    const { layer, app } = partsOf(application);
    return new Certificate(
      `${layer}-${app}-tls`,
      {
        namespace: this.name,
        secretName: `${app}-tls`,
        dnsNames: [`${service}.${this.name}.svc`],
        clusterIssuer: this.foundation.internalIssuer,
      },
      this.options(application),
    );
  }

  /** Exposes an application's Service at its host. @returns the URL */
  expose(application: ApplicationName, { service, port }: Exposure): pulumi.Output<string> {
    const { layer, app } = partsOf(application);
    const host = this.host(application);
    const certificate = this.edgeCertificate(application);
    new Route(
      `${layer}-${app}-route`,
      {
        namespace: this.name,
        hosts: [{ host, tlsSecret: certificate.secretName }],
        paths: ["/"],
        service,
        port,
        ingressClass: this.foundation.ingressClass,
      },
      this.options(application),
    );
    return pulumi.interpolate`https://${host}`;
  }

  /** The PostgreSQL cluster of the layer, with a database for each relation that consumes one. */
  postgres({ instances, storageGiB }: PostgresSettings): PostgresCluster {
    const endpoint: ApplicationName = `${this.name}/${postgresApplication}`;
    const databases = this.map.relations.flatMap((relation) =>
      relation.interface === "database" && relation.endpoint === endpoint ? [relation.database] : [],
    );
    return new PostgresCluster(
      `${this.name}-${postgresApplication}`,
      {
        namespace: this.name,
        application: postgresApplication,
        instances,
        storageGiB,
        storageClass: this.foundation.storageClass,
        image: images.postgresql,
        databases,
        clusterIssuer: this.foundation.internalIssuer,
      },
      this.consumerOptions("foundation/postgres-operator", endpoint),
    );
  }
}
