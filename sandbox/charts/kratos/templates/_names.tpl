{{- define "kratos.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kratos.labels" -}}
{{ include "kratos.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Metadata of an object: `root`, and `suffix` of its name. */}}
{{- define "kratos.metadata" -}}
name: {{ .root.Values.fullnameOverride }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "kratos.labels" .root | nindent 2 }}
{{- end }}

{{- define "kratos.courierSelector" -}}
app.kubernetes.io/name: {{ .Values.fullnameOverride }}-courier
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kratos.courierLabels" -}}
app.kubernetes.io/component: courier
{{- with .Values.statefulSet.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
