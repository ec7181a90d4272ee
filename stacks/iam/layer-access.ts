import { VaultSession } from "../../components/vault/session.ts";
import { Access } from "../access/access.ts";
import type { LayerModel } from "../access/layer-model.ts";
import type { LayerContext } from "../layer.ts";
import { iamContract } from "./contract.ts";

/** The access of a layer above iam: it logs in to the Vault of the layer iam. */
export function layerAccess(model: LayerModel, context: LayerContext): Access {
  const { kubeconfig, caCertificate } = model.foundation;
  const iam = context.outputsOf(iamContract);
  const session = new VaultSession(
    `${model.name}-vault-session`,
    {
      kubeconfig,
      caCertificate,
      namespace: iam.deployerNamespace,
      address: iam.vaultAddress,
      ready: iam.vaultReady,
      openSession: context.openSession,
    },
    model.options(),
  );
  return new Access(model, { internalAddress: iam.vaultInternalAddress, options: session.options });
}
