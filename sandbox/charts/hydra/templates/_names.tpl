{{- define "hydra.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "hydra.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $released := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $released .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "hydra.secretname" -}}
{{- default (include "hydra.fullname" .) .Values.secret.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "hydra.serviceAccountName" -}}
{{- $given := .Values.deployment.serviceAccount }}
{{- default (ternary (include "hydra.fullname" .) "default" $given.create) $given.name }}
{{- end }}

{{- define "hydra.job.serviceAccountName" -}}
{{- if .Values.job.serviceAccount.create }}
{{- printf "%s-job" (default (include "hydra.fullname" .) .Values.job.serviceAccount.name) }}
{{- else }}
{{- include "hydra.serviceAccountName" . }}
{{- end }}
{{- end }}

{{- define "hydra.selectorLabels" -}}
app.kubernetes.io/name: {{ include "hydra.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "hydra.labels" -}}
{{ include "hydra.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "hydra.image" -}}
image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}
