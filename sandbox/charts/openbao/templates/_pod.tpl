{{/*
Replaces the names of the pod's variables in the configuration, then starts the server. The published chart has another text
with the same effect.
*/}}
{{- define "openbao.start" -}}
cp /openbao/config/extraconfig-from-values.hcl /tmp/storageconfig.hcl
for name in HOST_IP POD_IP HOSTNAME API_ADDR TRANSIT_ADDR RAFT_ADDR; do
  eval "value=\${$name:-}"
  [ -z "$value" ] || sed -Ei "s|$name|$value|g" /tmp/storageconfig.hcl
done
/usr/local/bin/docker-entrypoint.sh bao server -config=/tmp/storageconfig.hcl
{{- end }}

{{/* An environment variable from a field of the pod: `name` and `field`. */}}
{{- define "openbao.fieldVariable" -}}
- name: {{ .name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ .field }}
{{- end }}

{{- define "openbao.environment" -}}
{{- include "openbao.fieldVariable" (dict "name" "HOST_IP" "field" "status.hostIP") }}
{{ include "openbao.fieldVariable" (dict "name" "POD_IP" "field" "status.podIP") }}
{{ include "openbao.fieldVariable" (dict "name" "BAO_K8S_POD_NAME" "field" "metadata.name") }}
{{ include "openbao.fieldVariable" (dict "name" "BAO_K8S_NAMESPACE" "field" "metadata.namespace") }}
- name: BAO_ADDR
  value: https://127.0.0.1:8200
- name: BAO_API_ADDR
  value: https://$(POD_IP):8200
- name: SKIP_CHOWN
  value: "true"
- name: SKIP_SETCAP
  value: "true"
{{ include "openbao.fieldVariable" (dict "name" "HOSTNAME" "field" "metadata.name") }}
- name: BAO_CLUSTER_ADDR
  value: https://$(HOSTNAME).{{ .Values.fullnameOverride }}-internal:8201
{{ include "openbao.fieldVariable" (dict "name" "BAO_RAFT_NODE_ID" "field" "metadata.name") }}
- name: HOME
  value: /home/openbao
{{- range .Values.server.extraSecretEnvironmentVars }}
- name: {{ .envName }}
  valueFrom:
    secretKeyRef:
      name: {{ .secretName }}
      key: {{ .secretKey }}
{{- end }}
{{- range $name, $value := .Values.server.extraEnvironmentVars }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* A volume for each pod: `name` and `storage`. */}}
{{- define "openbao.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: {{ .name }}
  spec:
    accessModes: [ReadWriteOnce]
    resources:
      requests:
        storage: {{ .storage.size }}
    {{- with .storage.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
{{- end }}
