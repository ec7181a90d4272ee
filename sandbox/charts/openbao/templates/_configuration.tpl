{{/* `ha` or `standalone`. */}}
{{- define "openbao.mode" -}}
{{- if .Values.server.ha.enabled }}ha
{{- else if not (eq (toString .Values.server.standalone.enabled) "false") }}standalone
{{- else }}
{{- fail "server.standalone.enabled and server.ha.enabled are both false: there would be no server" }}
{{- end }}
{{- end }}

{{- define "openbao.scheme" -}}
{{ ternary "http" "https" .Values.global.tlsDisable }}
{{- end }}

{{- define "openbao.configuration" -}}
{{- $server := .Values.server }}
{{- if eq (include "openbao.mode" .) "standalone" }}
{{- tpl $server.standalone.config . }}
{{- else }}
{{- tpl (ternary $server.ha.raft.config $server.ha.config $server.ha.raft.enabled) . }}
{{- end }}
{{- end }}

{{- define "openbao.keepsData" -}}
{{- if and .Values.server.dataStorage.enabled (or (not .Values.server.ha.enabled) .Values.server.ha.raft.enabled) }}yes
{{- end }}
{{- end }}

{{/* The configuration with what only the pod knows put in, then the server. */}}
{{- define "openbao.start" -}}
cp /openbao/config/extraconfig-from-values.hcl /tmp/storageconfig.hcl
for name in HOST_IP POD_IP HOSTNAME API_ADDR TRANSIT_ADDR RAFT_ADDR; do
  eval "value=\${$name:-}"
  [ -z "$value" ] || sed -i "s|$name|$value|g" /tmp/storageconfig.hcl
done
exec bao server -config=/tmp/storageconfig.hcl {{ .Values.server.extraArgs }}
{{- end }}

{{- define "openbao.probeTimes" -}}
failureThreshold: {{ .failureThreshold }}
initialDelaySeconds: {{ .initialDelaySeconds }}
periodSeconds: {{ .periodSeconds }}
successThreshold: {{ .successThreshold }}
timeoutSeconds: {{ .timeoutSeconds }}
{{- end }}

{{- define "openbao.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: {{ .name }}
    {{- with .storage.annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .storage.labels }}
    labels:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    accessModes:
      - {{ .storage.accessMode }}
    resources:
      requests:
        storage: {{ .storage.size }}
    {{- with .storage.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
{{- end }}
