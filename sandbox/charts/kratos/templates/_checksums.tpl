{{/* A changed configuration restarts the pods. The second checksum is that of the mail templates: there are none. */}}
{{- define "kratos.checksums" -}}
checksum/kratos-config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
checksum/kratos-templates: {{ sha256sum "" }}
{{- end }}
