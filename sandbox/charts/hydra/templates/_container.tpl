{{/* What the server and the migration have in common: image and mounts. */}}
{{- define "hydra.container" -}}
image: "oryd/hydra:{{ .Chart.AppVersion }}"
imagePullPolicy: IfNotPresent
volumeMounts:
  - name: hydra-config-volume
    mountPath: /etc/config
    readOnly: true
  {{- with .Values.deployment.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* An environment variable from the Secret of the keys: `root`, `name` and `key`. */}}
{{- define "hydra.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.secret.nameOverride }}
      key: {{ .key }}
{{- end }}

{{/* Updates the schema of the database before the server starts. */}}
{{- define "hydra.migration" -}}
{{- $deployment := .Values.deployment }}
- name: hydra-automigrate
  {{- include "hydra.container" . | nindent 2 }}
  command: [hydra]
  args: [migrate, sql, -e, --yes, --config, /etc/config/hydra.yaml]
  env:
    {{- include "hydra.secretVariable" (dict "root" . "name" "DSN" "key" "dsn") | nindent 4 }}
    {{- with default $deployment.extraEnv $deployment.automigration.extraEnv }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  {{- with .Values.hydra.automigration.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  # The security context of the server's container is not used here.
  {{- with $deployment.initContainerSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
