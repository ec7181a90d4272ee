import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const schema = {
  type: "object",
  additionalProperties: false,
  properties: { text: { type: "string" }, password: { type: "string" }, broken: { type: "boolean" } },
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
`;

/** A chart with a schema; `broken` adds a Deployment that never becomes ready. */
export async function writeChart(folder: string): Promise<string> {
  const chart = join(folder, "chart");
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 1.2.3\nappVersion: '9'\n");
  await writeFile(join(chart, "values.yaml"), "text: a\npassword: none\nbroken: false\n");
  await writeFile(join(chart, "values.schema.json"), JSON.stringify(schema));
  await writeFile(join(chart, "templates", "all.yaml"), templates);
  return chart;
}
