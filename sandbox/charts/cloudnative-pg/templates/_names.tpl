{{- define "cloudnative-pg.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cloudnative-pg.labels" -}}
{{ include "cloudnative-pg.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* The platform's release has the name of the chart. Another release would get another name in the published chart. */}}
{{- define "cloudnative-pg.fullname" -}}
{{- if ne .Release.Name .Chart.Name }}
{{- fail (printf "the imitation of this chart is installed as %s only" .Chart.Name) }}
{{- end }}
{{- .Chart.Name }}
{{- end }}
