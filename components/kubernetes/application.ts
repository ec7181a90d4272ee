/** Label of every pod that takes part in a relation. Its value is the name of the application. */
export const applicationLabel = "bibind.com/application";

/** The pods that a NetworkPolicy selects. */
export interface PodsOf {
  readonly namespace: string;
  /** Value of the label `bibind.com/application`. Default: every pod of the namespace. */
  readonly application?: string | undefined;
}

/** Labels of an application's pods. */
export function applicationLabels(application: string): Record<string, string> {
  return { "app.kubernetes.io/name": application, [applicationLabel]: application };
}
