{{- define "kratos.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "kratos.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $released := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $released .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "kratos.secretname" -}}
{{- default (include "kratos.fullname" .) .Values.secret.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "kratos.serviceAccountName" -}}
{{- $given := .Values.deployment.serviceAccount }}
{{- default (ternary (include "kratos.fullname" .) "default" $given.create) $given.name }}
{{- end }}

{{- define "kratos.job.serviceAccountName" -}}
{{- if .Values.job.serviceAccount.create }}
{{- printf "%s-job" (default (include "kratos.fullname" .) .Values.job.serviceAccount.name) }}
{{- else }}
{{- include "kratos.serviceAccountName" . }}
{{- end }}
{{- end }}

{{- define "kratos.selectorLabels" -}}
app.kubernetes.io/name: {{ include "kratos.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kratos.labels" -}}
{{ include "kratos.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "kratos.image" -}}
image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "kratos.courierLabels" -}}
app.kubernetes.io/name: {{ include "kratos.name" . }}-courier
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
