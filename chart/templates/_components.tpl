{{/*
The parts that run containers of ours, in one form: frontend, backend and what stands under services. Gives
{"components": [{"component": <name>, "key": <where its values stand>, "values": <all of them, defaults filled in>}]}.
A pod is made by what its component has (containerPort, database, proxy, schedule), never by its name.
*/}}
{{- define "todo-stack.components" -}}
{{- $none := dict "database" false "databaseEnv" dict "migrations" (dict "enabled" false) "proxy" false "fixedEnv" dict "schedule" "" }}
{{- $frontend := mergeOverwrite (deepCopy $none) (deepCopy .Values.frontend) }}
{{- if not $frontend.proxy }}
{{- /* A server of Next.js listens on HOSTNAME, which otherwise is the pod's name. */}}
{{- $url := printf "http://%s-backend:%v" (include "todo-stack.fullname" .) .Values.backend.service.port }}
{{- $_ := set $frontend "fixedEnv" (dict "BACKEND_URL" $url "HOSTNAME" "0.0.0.0") }}
{{- end }}
{{- $backend := mergeOverwrite (deepCopy $none) (deepCopy .Values.backend) }}
{{- $components := list (dict "component" "frontend" "key" "frontend" "values" $frontend) (dict "component" "backend" "key" "backend" "values" $backend) }}
{{- range $name, $own := .Values.services }}
{{- $own = default dict $own }}
{{- $lender := ternary $backend $frontend (eq "backend" (toString $own.imageOf)) }}
{{- /* What an image needs to run goes with it. */}}
{{- $lent := pick $lender "image" "env" "secretEnv" "existingSecrets" "extraConfig" "database" "databaseEnv" "runAsUser" "readOnlyRootFilesystem" "writablePaths" }}
{{- $lent = ternary $lent dict (not (empty $own.imageOf)) }}
{{- if eq "false" (toString $own.database) }}{{ $lent = omit $lent "databaseEnv" }}{{ end }}
{{- $values := mergeOverwrite (deepCopy $none) ($.Files.Get "files/service.yaml" | fromYaml) (deepCopy $lent) (deepCopy $own) }}
{{- $_ := set $values "existingSecrets" (concat (default list $lent.existingSecrets) (default list $own.existingSecrets) | uniq) }}
{{- $_ := set $values "writablePaths" (concat (default list $lent.writablePaths) (default list $own.writablePaths) | uniq) }}
{{- $_ := set $values "containerPort" $values.port }}
{{- $_ := set $values.service "port" (default $values.port $values.service.port) }}
{{- $components = append $components (dict "component" $name "key" (printf "services.%s" $name) "values" $values) }}
{{- end }}
{{- dict "components" $components | toJson }}
{{- end }}

{{/* Whether anything reads the database: "true" or nothing. */}}
{{- define "todo-stack.databaseIsUsed" -}}
{{- range (include "todo-stack.components" . | fromJson).components }}
{{- if .values.database }}true{{ end }}
{{- end }}
{{- end }}

{{/*
The keys of the database's Secret that a component reads. Its databaseEnv may refer to the parts of the URL, and may give any of
them another value. Takes a context; gives them with a space between.
*/}}
{{- define "todo-stack.databaseKeys" -}}
{{- if .values.database }}
{{- $parts := list "DATABASE_LOCATION" "DATABASE_USER" "DATABASE_PASSWORD" "DATABASE_HOST" "DATABASE_PORT" "DATABASE_NAME" }}
{{- $keys := concat (list "DATABASE_URL") (ternary list $parts (empty .values.databaseEnv)) }}
{{- range $keys }}{{ if not (hasKey $.values.databaseEnv .) }}{{ . }} {{ end }}{{ end }}
{{- end }}
{{- end }}
