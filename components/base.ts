import * as pulumi from "@pulumi/pulumi";

/** Type token of a component, `bibind:<subject>:<Class>`: the folder in `components/` or `stacks/`, then the class. */
export type ComponentToken = `bibind:${string}:${string}`;

/**
 * Refuses children whose logical name does not start with the component's.
 *
 * Pulumi hands a component's transformations on to everything below it, so the rule holds at every depth, and it holds
 * for children that a later version of the component adds.
 */
function childNamesStartWith(token: ComponentToken, name: string): pulumi.ResourceTransformation {
  return (child) => {
    const isSelf = child.type === token && child.name === name;
    if (!isSelf && child.name !== name && !child.name.startsWith(`${name}-`)) {
      throw new Error(
        `${child.type} "${child.name}" is a child of ${token} "${name}": its name must start with "${name}-"`,
      );
    }
    return undefined;
  };
}

/**
 * What every component of the platform is built on.
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
   * @param opts - the caller's options; an `aliases` entry is owed for every rename
   */
  protected constructor(token: ComponentToken, name: string, opts?: pulumi.ComponentResourceOptions) {
    super(token, name, {}, pulumi.mergeOptions({ transformations: [childNamesStartWith(token, name)] }, opts));
    this.componentName = name;
  }

  /** Logical name of a child: `<component>-<suffix>`. */
  protected child(suffix: string): string {
    return `${this.componentName}-${suffix}`;
  }
}
