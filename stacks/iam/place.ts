import type * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/kubernetes/provider.js";
import type { PublishedChart } from "../../components/kubernetes/helm-chart.ts";
import type { Outputs } from "../contract.ts";
import type { FoundationContract } from "../foundation/contract.ts";
import type { PlatformMap } from "../graph/check.ts";
import type { ChartPin } from "../versions.ts";

/** Where the parts of the layer iam are put. */
export interface IamPlace {
  /** Name of the model. */
  readonly model: string;
  /** Its namespace, known once it is closed and its openings are there. */
  readonly namespace: pulumi.Output<string>;
  readonly foundation: Outputs<FoundationContract>;
  readonly map: PlatformMap;
  /** A pinned chart, from the platform's mirror where there is one. */
  readonly chart: (pin: ChartPin) => PublishedChart;
  readonly provider: Provider;
  readonly opts: { readonly providers: { readonly kubernetes: Provider } };
}
