{{/*
Names and labels. "Context" is (dict "root" $ "component" <name, such as frontend, worker or database> "values" <the
component's values>).
*/}}

{{/* First part of every name. 40 characters leave room for the longest derived name that becomes a label (63): services may
have names of 20. */}}
{{- define "todo-stack.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Name of a component's objects. Takes a context. */}}
{{- define "todo-stack.name" -}}
{{ include "todo-stack.fullname" .root }}-{{ .component }}
{{- end }}

{{/* Labels of every pod of the release. */}}
{{- define "todo-stack.releaseLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels that select a component's pods, and all the chart's labels that its pods carry. Takes a context. */}}
{{- define "todo-stack.selectorLabels" -}}
{{ include "todo-stack.releaseLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of an object. Not of pod templates: a new chart version must roll no pod. */}}
{{- define "todo-stack.objectLabels" -}}
{{ include "todo-stack.releaseLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Labels of a component's object. Takes a context. */}}
{{- define "todo-stack.labels" -}}
{{ include "todo-stack.objectLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "todo-stack.serviceAccountName" -}}
{{- $made := ternary (include "todo-stack.fullname" .) "default" .Values.serviceAccount.create -}}
{{ default $made .Values.serviceAccount.name }}
{{- end }}

{{/*
The Secret with DATABASE_URL and its parts: the application's login.
A new password is a new Secret, so that the pods roll and a rollback finds what it ran with.
*/}}
{{- define "todo-stack.databaseSecretName" -}}
{{- $version := int .Values.database.passwordVersion }}
{{- $suffix := ternary "" (printf "-v%d" $version) (eq $version 1) }}
{{- default (printf "%s-database%s" (include "todo-stack.fullname" .) $suffix) .Values.database.existingSecret }}
{{- end }}

{{/* The Secret with POSTGRES_PASSWORD, the superuser's, which no part of the application sees. */}}
{{- define "todo-stack.databaseAdminSecretName" -}}
{{ default (printf "%s-database-admin" (include "todo-stack.fullname" .)) .Values.database.adminSecret }}
{{- end }}

{{/* Image reference. Takes (dict "root" $ "image" <image values>). */}}
{{- define "todo-stack.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ default .root.Chart.AppVersion .image.tag }}
{{- end }}
{{- end }}
