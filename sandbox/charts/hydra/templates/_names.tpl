{{- define "hydra.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "hydra.labels" -}}
{{ include "hydra.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Metadata of an object: `root`, and `suffix` of its name. */}}
{{- define "hydra.metadata" -}}
name: {{ .root.Values.fullnameOverride }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "hydra.labels" .root | nindent 2 }}
{{- end }}
