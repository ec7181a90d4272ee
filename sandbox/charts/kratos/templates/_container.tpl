{{- define "kratos.image" -}}
image: "oryd/kratos:{{ .Chart.AppVersion }}"
imagePullPolicy: IfNotPresent
{{- end }}

{{- define "kratos.configurationMount" -}}
mountPath: /etc/config
readOnly: true
{{- end }}

{{/* An environment variable from the Secret of the keys: `root`, `name`, `key` and `optional`. */}}
{{- define "kratos.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.secret.nameOverride }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}

{{/* The variables that the server and the courier have in common. */}}
{{- define "kratos.secretVariables" -}}
{{- include "kratos.secretVariable" (dict "root" . "name" "DSN" "key" "dsn") }}
{{ include "kratos.secretVariable" (dict "root" . "name" "SECRETS_DEFAULT" "key" "secretsDefault" "optional" true) }}
{{ include "kratos.secretVariable" (dict "root" . "name" "SECRETS_COOKIE" "key" "secretsCookie" "optional" true) }}
{{ include "kratos.secretVariable" (dict "root" . "name" "SECRETS_CIPHER" "key" "secretsCipher" "optional" true) }}
{{- end }}

{{/* Updates the schema of the database before the server starts. */}}
{{- define "kratos.migration" -}}
{{- $deployment := .Values.deployment }}
- name: kratos-automigrate
  {{- include "kratos.image" . | nindent 2 }}
  command: [kratos]
  args: [migrate, sql, -e, --yes, --config, /etc/config/kratos.yaml]
  env:
    {{- include "kratos.secretVariable" (dict "root" . "name" "DSN" "key" "dsn") | nindent 4 }}
    {{- with default $deployment.extraEnv $deployment.automigration.extraEnv }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  {{- with .Values.kratos.automigration.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  volumeMounts:
    - name: kratos-config-volume
      {{- include "kratos.configurationMount" . | nindent 6 }}
    {{- with $deployment.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
