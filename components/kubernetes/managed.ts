/**
 * Label of the namespaces that belong to the platform, with everything in them, and of its objects without a namespace.
 * Nobody but the platform changes them, see `ChangeGuard`.
 */
export const managed = { label: "app.kubernetes.io/managed-by", value: "bibind" } as const;

/** The label as metadata has it. */
export const managedLabel: Readonly<Record<string, string>> = { [managed.label]: managed.value };

/** Annotation that opens a namespace, or an object without a namespace, for changes by hand. Its value is the reason. */
export const emergencyAnnotation = "bibind.com/emergency";

/** Label of a namespace in which pods run without privileges (Kubernetes documentation, "Pod Security Standards"). */
export const withoutPrivileges = { "pod-security.kubernetes.io/enforce": "restricted" } as const;
