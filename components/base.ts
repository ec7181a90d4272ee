import * as pulumi from "@pulumi/pulumi";

/** Type token of a component, `bibind:<subject>:<Class>`: the folder in `components/` or `stacks/`, then the class. */
export type ComponentToken = `bibind:${string}:${string}`;

/**
 * Applies two rules to everything below a component, at every depth.
 *
 * - The logical name of a child starts with the component's name. A child of a later version keeps the rule too.
 * - A child depends on what the component depends on. Pulumi creates children after their component, but it records no
 *   dependency, so that a destroy could delete a namespace's opening before the pods that need it.
 */
function childRules(
  token: ComponentToken,
  name: string,
  dependsOn: pulumi.ResourceOptions["dependsOn"],
): pulumi.ResourceTransformation {
  return ({ type, name: child, props, opts }) => {
    if (type === token && child === name) {
      return undefined;
    }
    if (child !== name && !child.startsWith(`${name}-`)) {
      throw new Error(`${type} "${child}" is a child of ${token} "${name}": its name must start with "${name}-"`);
    }
    return dependsOn === undefined ? undefined : { props, opts: pulumi.mergeOptions(opts, { dependsOn }) };
  };
}

/**
 * The base class of every component of the platform.
 *
 * A subclass is constructed with `(name, args, opts)`, gives its children `parent: this` and names that start with its
 * own (`this.child("x")`), assigns its `readonly` outputs and calls `registerOutputs` last.
 */
export abstract class BibindComponent extends pulumi.ComponentResource {
  /** Logical name of this component. */
  readonly componentName: string;

  /**
   * @param token - never changes once a stack has it: it is a part of every child's URN
   * @param name - logical name, unique among its siblings
   * @param opts - options of the caller; every rename needs an entry in `aliases`
   * @param required - resources that must exist before any child, such as the Secrets that the component's pods mount
   */
  protected constructor(
    token: ComponentToken,
    name: string,
    opts?: pulumi.ComponentResourceOptions,
    ...required: readonly pulumi.Resource[]
  ) {
    const merged = pulumi.mergeOptions(opts, required.length === 0 ? {} : { dependsOn: [...required] });
    const transformations = [childRules(token, name, merged.dependsOn)];
    super(token, name, {}, pulumi.mergeOptions({ transformations }, merged));
    this.componentName = name;
  }

  /** Logical name of a child: `<component>-<suffix>`. */
  protected child(suffix: string): string {
    return `${this.componentName}-${suffix}`;
  }
}
