import { layer } from "../layer.ts";
import { foundationContract } from "./contract.ts";
import { applications, relations } from "./relations.ts";
import { foundationSettings } from "./settings.ts";

/** Server, Kubernetes, certificates, ingress and operators: what every other layer needs. */
export const foundation = layer({
  name: "foundation",
  needs: [],
  data: "the cluster with every volume on its machines",
  settings: foundationSettings,
  contract: foundationContract,
  applications,
  relations,
  load: async () => (await import("./index.ts")).deployFoundation,
});
