{{/*
The parts of a connection URL as the data of a Secret, by one reading with components/secret/databaseUrl.ts. Text that is no URL
gives parts that are of no use; validate.yaml refuses it. Takes the URL.
*/}}
{{- define "todo-stack.databaseParts" -}}
{{- $location := regexReplaceAll "^[^:/]*://" . "" }}
{{- $authority := regexFind "^[^/?#]*" $location }}
{{- $login := trimSuffix "@" (regexFind "^.*@" $authority) }}
{{- $server := regexReplaceAll "^.*@" $authority "" }}
{{- $user := include "todo-stack.decoded" (regexFind "^[^:]*" $login) }}
{{- $path := regexFind "^/[^?#]*" (trimPrefix $authority $location) | trimPrefix "/" }}
DATABASE_LOCATION: {{ $location | b64enc | quote }}
DATABASE_USER: {{ $user | b64enc | quote }}
DATABASE_PASSWORD: {{ include "todo-stack.decoded" (regexReplaceAll "^[^:]*:?" $login "") | b64enc | quote }}
DATABASE_HOST: {{ regexReplaceAll ":[0-9]*$" $server "" | trimPrefix "[" | trimSuffix "]" | b64enc | quote }}
{{- /* PostgreSQL's own defaults: https://www.postgresql.org/docs/17/libpq-connect.html */}}
DATABASE_PORT: {{ regexFind ":[0-9]+$" $server | trimPrefix ":" | default "5432" | b64enc | quote }}
DATABASE_NAME: {{ include "todo-stack.decoded" $path | default $user | b64enc | quote }}
{{- end }}

{{/* A text without its percent signs' escapes; as it is where they are none. The path of a URL is what Helm can decode. */}}
{{- define "todo-stack.decoded" -}}
{{- if regexMatch "^([^%[:cntrl:]]|%[0-9A-Fa-f]{2})*$" . -}}
{{ trimPrefix "/" (urlParse (printf "x://x/%s" (. | replace "?" "%3F" | replace "#" "%23"))).path }}
{{- else -}}
{{ . }}
{{- end }}
{{- end }}
