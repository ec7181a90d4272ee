import assert from "node:assert/strict";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

class NotApplicable extends Error {}

function validationArgs(type: string, properties: Record<string, unknown>): ResourceValidationArgs {
  return {
    type,
    props: properties,
    urn: `urn:pulumi:test::bibind::${type}::subject`,
    name: "subject",
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    isType: (resourceClass) => "__pulumiType" in resourceClass && resourceClass.__pulumiType === type,
    asType: () => undefined,
    getConfig: () => {
      throw new Error("this policy takes no configuration");
    },
    stackTags: new Map(),
    notApplicable: (reason) => {
      throw new NotApplicable(reason);
    },
  };
}

/** Runs one policy on one resource and returns the messages of its violations. */
export async function violationsOf(
  policy: ResourceValidationPolicy,
  type: string,
  properties: Record<string, unknown>,
): Promise<string[]> {
  const violations: string[] = [];
  const validations = [policy.validateResource ?? []].flat();
  for (const validate of validations) {
    try {
      await validate(validationArgs(type, properties), (message) => violations.push(message));
    } catch (error) {
      assert(error instanceof NotApplicable, error instanceof Error ? error : String(error));
    }
  }
  return violations;
}
