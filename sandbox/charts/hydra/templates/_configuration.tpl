{{/* Hydra's configuration file: what is secret comes through the environment. */}}
{{- define "hydra.configuration" -}}
{{- tpl (toYaml (omit .Values.hydra.config "dsn" "secrets")) . }}
{{- end }}

{{/* The issuer that is given, else the first host of the public ingress. */}}
{{- define "hydra.issuer" -}}
{{- $public := .Values.ingress.public }}
{{- if .Values.hydra.config.urls.self.issuer }}
{{- .Values.hydra.config.urls.self.issuer }}
{{- else if $public.enabled }}
{{- printf "%s://%s" (ternary "https" "http" (not (empty $public.tls))) (first $public.hosts).host }}
{{- end }}
{{- end }}

{{- define "hydra.environmentOfSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "hydra.secretname" .root }}
      key: {{ .key }}
{{- end }}

{{/* What brings the database up to date, as an init container or in the job. */}}
{{- define "hydra.migration" -}}
name: hydra-automigrate
{{ include "hydra.image" . }}
command:
  {{- toYaml (default (list "hydra") .Values.hydra.automigration.customCommand) | nindent 2 }}
args:
  {{- $args := list "migrate" "sql" "-e" "--yes" "--config" "/etc/config/hydra.yaml" }}
  {{- toYaml (default $args .Values.hydra.automigration.customArgs) | nindent 2 }}
volumeMounts:
  - name: {{ include "hydra.name" . }}-config-volume
    mountPath: /etc/config
    readOnly: true
  {{- with .Values.deployment.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
