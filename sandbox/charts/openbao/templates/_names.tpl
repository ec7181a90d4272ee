{{- define "openbao.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "openbao.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $released := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $released .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "openbao.serviceAccountName" -}}
{{- $given := .Values.server.serviceAccount }}
{{- default (ternary (include "openbao.fullname" .) "default" $given.create) $given.name }}
{{- end }}

{{- define "openbao.selectorLabels" -}}
app.kubernetes.io/name: {{ include "openbao.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "openbao.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{ include "openbao.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Which pods a Service leads to; those of another release too, when the values say so. */}}
{{- define "openbao.serviceSelector" -}}
app.kubernetes.io/name: {{ include "openbao.name" . }}
{{- if .Values.server.service.instanceSelector.enabled }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
component: server
{{- end }}
