{{/* Kratos' configuration file: what is secret comes through the environment. */}}
{{- define "kratos.configuration" -}}
{{- $config := deepCopy (omit .Values.kratos.config "dsn" "secrets") }}
{{- $_ := unset $config.courier.smtp "connection_uri" }}
{{- tpl (toYaml $config) . }}
{{- end }}

{{/* The configuration and the schemas of identities, as data of a ConfigMap. */}}
{{- define "kratos.files" -}}
kratos.yaml: |
  {{- include "kratos.configuration" . | nindent 2 }}
{{- with .Values.kratos.identitySchemas }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "kratos.environmentOfSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "kratos.secretname" .root }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}

{{/* What both the server and the courier are told through the environment. */}}
{{- define "kratos.environment" -}}
{{- include "kratos.environmentOfSecret" (dict "root" . "name" "DSN" "key" "dsn") }}
{{- range $name, $key := dict "SECRETS_DEFAULT" "secretsDefault" "SECRETS_COOKIE" "secretsCookie" "SECRETS_CIPHER" "secretsCipher" }}
{{ include "kratos.environmentOfSecret" (dict "root" $ "name" $name "key" $key "optional" true) }}
{{- end }}
{{- if .Values.kratos.config.courier.smtp.connection_uri }}
{{ include "kratos.environmentOfSecret" (dict "root" . "name" "COURIER_SMTP_CONNECTION_URI" "key" "smtpConnectionURI") }}
{{- end }}
{{- end }}

{{/* What brings the database up to date, as an init container or in the job. */}}
{{- define "kratos.migration" -}}
name: kratos-automigrate
{{ include "kratos.image" . }}
command:
  {{- toYaml (default (list "kratos") .Values.kratos.automigration.customCommand) | nindent 2 }}
args:
  {{- $args := list "migrate" "sql" "-e" "--yes" "--config" "/etc/config/kratos.yaml" }}
  {{- toYaml (default $args .Values.kratos.automigration.customArgs) | nindent 2 }}
volumeMounts:
  - name: {{ include "kratos.name" . }}-config-volume
    mountPath: /etc/config
    readOnly: true
  {{- with .Values.deployment.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
