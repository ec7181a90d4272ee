import assert from "node:assert/strict";
import { applicationLabel } from "../../../components/kubernetes/application.ts";
import { recipes } from "../../../sandbox/images/recipes.ts";
import { layers } from "../../../stacks/layers.ts";
import { valueAt } from "../../../stacks/settings/schema.ts";
import { environments } from "../../support/environments.ts";
import { resourcesOf, sandboxRelease } from "../../support/releases.ts";
import { find, rendered, withValue } from "./helm.ts";
import { podsOfProgram, refusals, type PlatformPods } from "./pod-security.ts";
import { podOf, type PodTemplate } from "./pods.ts";

/** The pods that run in a model. */
function inModels(pods: readonly PlatformPods[]): readonly PlatformPods[] {
  const found = pods.filter(({ object }) => layers.some(({ name }) => object.includes(` ${name}/`)));
  const objects = found.map(({ object }) => object);
  for (const object of ["Deployment iam/hydra", "StatefulSet iam/kratos-courier", "StatefulSet iam/vault"]) {
    assert(objects.includes(object), `${object} is not among ${objects.join(", ")}`);
  }
  return found;
}

/** The name of an image as Kubernetes completes it. */
function withRegistry(image: string): string {
  return /^[^/]+\.[^/]+\//.test(image) ? image : `docker.io/${image}`;
}

describe("the pods of the platform", function () {
  this.timeout(600_000);
  let pods: readonly PlatformPods[] = [];

  before(async () => {
    pods = await podsOfProgram(await resourcesOf("sandbox"));
  });

  for (const environment of environments) {
    it(`are accepted by the Pod Security level of their namespaces in the environment ${environment}`, async () => {
      const all = await podsOfProgram(await resourcesOf(environment));
      assert(inModels(all).length > 0);
      assert.deepEqual([...new Set(all.map(({ level }) => level))], ["restricted"]);
      const reasons = await refusals(all);
      assert.deepEqual(
        all.map(({ object }, index) => ({ object, refusal: reasons[index] })).filter(({ refusal }) => refusal !== ""),
        [],
      );
    });
  }

  it("are refused when a container has no security context", async () => {
    const release = withValue(await sandboxRelease("hydra"), "deployment.initContainerSecurityContext", {});
    const template = podOf(find(await rendered(release), "Deployment", "hydra"));
    const [restricted, baseline] = await refusals([
      { level: "restricted", template },
      { level: "baseline", template },
    ]);
    assert.match(restricted ?? "", /"hydra-automigrate" must set securityContext\.allowPrivilegeEscalation=false/);
    assert.equal(baseline, "");
  });

  it("are not evaluated against an unknown level, or with a field that Kubernetes does not have", async () => {
    const template: PodTemplate = { metadata: {}, spec: { containers: [{ name: "one", image: "one", args: [] }] } };
    await assert.rejects(refusals([{ level: "strict", template }]), /level "strict" of pod 0/);
    const mistaken = { ...template, spec: { ...template.spec, securityContexts: {} } };
    await assert.rejects(refusals([{ level: "baseline", template: mistaken }]), /unknown field "securityContexts"/);
  });

  it("have in a model the label of their application, by which openings select them", () => {
    const unlabelled = inModels(pods).filter(({ template }) => !template.metadata.labels?.[applicationLabel]);
    assert.deepEqual(
      unlabelled.map(({ object }) => object),
      [],
    );
  });

  it("mount no token of their service account in a model, except Vault's, which reviews the tokens of others", async () => {
    const withoutToken = (await resourcesOf("sandbox"))
      .filter(({ type, inputs }) => /:ServiceAccount$/.test(type) && inputs["automountServiceAccountToken"] === false)
      .map(({ inputs }) => valueAt(inputs, ["metadata", "name"]));
    const mounting = inModels(pods).filter(
      ({ template: { spec } }) => spec.automountServiceAccountToken ?? !withoutToken.includes(spec.serviceAccountName),
    );
    assert.deepEqual(
      mounting.map(({ object }) => object),
      ["StatefulSet iam/vault"],
    );
  });

  it("start images that the sandbox builds", () => {
    const built: readonly string[] = Object.values(recipes).map(({ reference }) => reference);
    const started = pods.flatMap(({ object, template }) =>
      [...(template.spec.initContainers ?? []), ...template.spec.containers].map(({ image }) => ({ object, image })),
    );
    assert(started.length > 10);
    assert.deepEqual(
      started.filter(({ image }) => !built.includes(withRegistry(image))),
      [],
    );
  });
});
