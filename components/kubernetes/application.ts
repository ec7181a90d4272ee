/** Label of every pod of the platform that takes part in a relation: the name of its application. */
export const applicationLabel = "bibind.com/application";

/** An application as a NetworkPolicy finds its pods. */
export interface PodsOf {
  readonly namespace: string;
  /** Value of the label `bibind.com/application`; without it, every pod of the namespace. */
  readonly application?: string | undefined;
}

/** Labels by which the pods of an application are found. */
export function applicationLabels(application: string): Record<string, string> {
  return { "app.kubernetes.io/name": application, [applicationLabel]: application };
}
