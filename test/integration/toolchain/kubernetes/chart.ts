import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An image that the sandbox's node has. */
export const busybox = "docker.io/library/busybox:1.37";

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    text: { type: "string" },
    password: { type: "string" },
    broken: { type: "boolean" },
    farewell: { type: "integer" },
  },
};

const templates = `
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-text"}
data: {text: {{ .Values.text | quote }}}
---
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-password"}
stringData: {password: {{ .Values.password | quote }}}
{{- if .Values.broken }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}-broken"}
spec:
  selector: {matchLabels: {app.kubernetes.io/instance: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app.kubernetes.io/instance: "{{ .Release.Name }}"}}
    spec: {containers: [{name: main, image: "no.example.com/nothing:1"}]}
{{- end }}
{{- if .Values.farewell }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-farewell"
  annotations: {helm.sh/hook: pre-delete, helm.sh/hook-delete-policy: hook-succeeded}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${busybox}", command: [sleep, {{ .Values.farewell | quote }}]}]
{{- end }}
`;

/**
 * Writes a chart with a schema. `broken` adds a Deployment that never becomes ready. `farewell` adds a Job that runs for
 * this number of seconds before the release is uninstalled, and remains if the removal is killed.
 *
 * @returns the folder of the chart
 */
export async function writeChart(folder: string): Promise<string> {
  const chart = join(folder, "chart");
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 1.2.3\nappVersion: '9'\n");
  await writeFile(join(chart, "values.yaml"), "text: a\npassword: none\nbroken: false\nfarewell: 0\n");
  await writeFile(join(chart, "values.schema.json"), JSON.stringify(schema));
  await writeFile(join(chart, "templates", "all.yaml"), templates);
  return chart;
}
