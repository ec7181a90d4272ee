{{- define "openbao.instanceLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "openbao.podLabels" -}}
{{ include "openbao.instanceLabels" . }}
component: server
{{- end }}

{{- define "openbao.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "openbao.instanceLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Metadata of an object in the namespace: `root`, and `suffix` of its name. */}}
{{- define "openbao.metadata" -}}
name: {{ .root.Values.fullnameOverride }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "openbao.labels" .root | nindent 2 }}
{{- end }}
