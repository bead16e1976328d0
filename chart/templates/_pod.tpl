{{- /*
What is a health probe? A request that Kubernetes itself makes to each container, every few seconds. The readiness probe asks
whether requests may come: a pod that says no is taken out of the service until it says yes. The liveness probe asks whether the
process still lives: one that does not answer is restarted. The startup probe holds both back until the process has started.
A process may live and not be ready, as when its database is away; so they are two paths, /health and /ready.
*/}}
{{/*
The pod of a component: frontend, backend and further services. Context: see _names.tpl; the values are those of
_components.tpl.
*/}}

{{/* What the Pod Security Standard "restricted" asks of a pod; the user is the image's own, numeric one, unless one is set. */}}
{{- define "todo-stack.podSecurityContext" -}}
runAsNonRoot: true
{{- with (.values).runAsUser }}
runAsUser: {{ int64 . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "todo-stack.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ ne "false" (toString (.values).readOnlyRootFilesystem) }}
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Where a pod may run. Takes a context. */}}
{{- define "todo-stack.scheduling" -}}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .values.topologySpreadConstraints }}
{{- $selector := dict "labelSelector" (dict "matchLabels" (include "todo-stack.selectorLabels" . | fromYaml)) }}
topologySpreadConstraints:
  {{- range .values.topologySpreadConstraints }}
  - {{- merge (dict) . $selector | toYaml | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* One probe. Takes the probe's values. */}}
{{- define "todo-stack.probe" -}}
{{- if .path }}
httpGet:
  path: {{ .path }}
  port: http
{{- else }}
tcpSocket:
  port: http
{{- end }}
periodSeconds: {{ .periodSeconds }}
timeoutSeconds: {{ .timeoutSeconds }}
failureThreshold: {{ .failureThreshold }}
{{- with .terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ . }}
{{- end }}
{{- end }}

{{/* envFrom and env, the same for the init container and the container; env stands last. Takes a context. */}}
{{- define "todo-stack.environment" -}}
{{- $name := include "todo-stack.name" . }}
{{- if or .values.env .values.secretEnv .values.existingSecrets }}
envFrom:
  {{- if .values.env }}
  - configMapRef:
      name: {{ $name }}
  {{- end }}
  {{- if .values.secretEnv }}
  - secretRef:
      name: {{ $name }}
  {{- end }}
  {{- range .values.existingSecrets }}
  - secretRef:
      name: {{ . }}
  {{- end }}
{{- end }}
{{- with include "todo-stack.variables" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The variables that are the chart's own; each may refer to those before it. Takes a context. */}}
{{- define "todo-stack.variables" -}}
{{- if and .values.containerPort (not .values.proxy) }}
- name: PORT
  value: {{ .values.containerPort | quote }}
{{- end }}
{{- range $name, $value := .values.fixedEnv }}
{{- if not (or (hasKey $.values.env $name) (hasKey $.values.secretEnv $name)) }}
- name: {{ $name }}
  value: {{ $value }}
{{- end }}
{{- end }}
{{- range include "todo-stack.databaseKeys" . | trim | splitList " " | compact }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-stack.databaseSecretName" $.root }}
      key: {{ . }}
{{- end }}
{{- if include "todo-stack.databaseAuthority" . }}
- name: PGSSLROOTCERT
  value: /etc/database/ca.crt
{{- end }}
{{- range $name, $value := .values.databaseEnv }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* One more variable for migrations: an external database may have an address without its pooler. Takes a context. */}}
{{- define "todo-stack.directUrl" -}}
{{- if not .root.Values.database.enabled }}
- name: DATABASE_DIRECT_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-stack.databaseSecretName" .root }}
      key: DATABASE_DIRECT_URL
      optional: true
{{- end }}
{{- end }}

{{/*
Annotations that roll the pods when what they read at their start has changed. Only contents are hashed, never labels.
A Secret from outside the chart is not seen: its owner sets podAnnotations. Takes a context.
*/}}
{{- define "todo-stack.checksums" -}}
{{- with .values.env }}
checksum/env: {{ toJson . | sha256sum }}
{{- end }}
{{- with .values.secretEnv }}
checksum/secret-env: {{ toJson . | sha256sum }}
{{- end }}
{{- with .values.extraConfig }}
checksum/extra-config: {{ toJson . | sha256sum }}
{{- end }}
{{- with include "todo-stack.databaseAuthority" . }}
checksum/database-authority: {{ sha256sum . }}
{{- end }}
{{- if .values.proxy }}
checksum/upstream: {{ printf "%s%s" (include "todo-stack.upstream" .root) (include "todo-stack.peers" .root) | sha256sum }}
{{- end }}
{{- if and .values.database (not .root.Values.database.existingSecret) }}
{{- /* The generated password is left out: it is kept for as long as the Secret exists. */}}
checksum/database: {{ list .root.Values.database.url .root.Values.database.name .root.Values.database.user | toJson | sha256sum }}
{{- end }}
{{- end }}

{{/* The certificate of the authority that signed the external database's; for those who use it. Takes a context. */}}
{{- define "todo-stack.databaseAuthority" -}}
{{- if .values.database }}{{ .root.Values.database.caCertificate }}{{ end }}
{{- end }}

{{/* Mounts of the container and the init container. Takes a context. */}}
{{- define "todo-stack.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- range $index, $path := .values.writablePaths }}
- name: writable-{{ $index }}
  mountPath: {{ $path }}
{{- end }}
{{- if .values.proxy }}
- name: upstream
  mountPath: /etc/nginx/upstream.d
  readOnly: true
{{- end }}
{{- if include "todo-stack.databaseAuthority" . }}
- name: database-authority
  mountPath: /etc/database
  readOnly: true
{{- end }}
{{- if .values.extraConfig }}
- name: extra-config
  mountPath: /etc/app
  readOnly: true
{{- end }}
{{- with .values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Volumes of the pod. Takes a context. */}}
{{- define "todo-stack.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .values.tmpSizeLimit }}
{{- range $index, $path := .values.writablePaths }}
- name: writable-{{ $index }}
  emptyDir:
    sizeLimit: {{ $.values.tmpSizeLimit }}
{{- end }}
{{- if .values.proxy }}
- name: upstream
  configMap:
    name: {{ include "todo-stack.name" . }}-upstream
{{- end }}
{{- if include "todo-stack.databaseAuthority" . }}
- name: database-authority
  configMap:
    name: {{ include "todo-stack.name" . }}-database-authority
{{- end }}
{{- if .values.extraConfig }}
- name: extra-config
  configMap:
    name: {{ include "todo-stack.name" . }}-files
{{- end }}
{{- with .values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The pod template. Takes a context. */}}
{{- define "todo-stack.pod" -}}
metadata:
  annotations:
    kubectl.kubernetes.io/default-container: {{ .component }}
    {{- with include "todo-stack.checksums" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- merge (include "todo-stack.selectorLabels" . | fromYaml) .values.podLabels | toYaml | nindent 4 }}
spec:
  serviceAccountName: {{ include "todo-stack.serviceAccountName" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- if .values.schedule }}
  # Each try is a pod of its own, whose log stays.
  restartPolicy: Never
  {{- end }}
  terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- include "todo-stack.podSecurityContext" . | nindent 4 }}
  {{- with include "todo-stack.scheduling" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if and .values.database .values.migrations.enabled }}
  initContainers:
    - name: migrate
      image: {{ include "todo-stack.image" (dict "root" .root "image" .values.image) }}
      imagePullPolicy: {{ .values.image.pullPolicy }}
      command: {{ toJson .values.migrations.command }}
      {{- with include "todo-stack.environment" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with include "todo-stack.directUrl" . | trim }}
      {{- . | nindent 8 }}
      {{- end }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        {{- include "todo-stack.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        {{- include "todo-stack.volumeMounts" . | nindent 8 }}
  {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "todo-stack.image" (dict "root" .root "image" .values.image) }}
      imagePullPolicy: {{ .values.image.pullPolicy }}
      {{- with .values.command }}
      command: {{ toJson . }}
      {{- end }}
      {{- with .values.args }}
      args: {{ toJson . }}
      {{- end }}
      {{- with .values.containerPort }}
      ports:
        - name: http
          containerPort: {{ . }}
          protocol: TCP
      {{- end }}
      {{- with include "todo-stack.environment" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- if .values.containerPort }}
      startupProbe:
        {{- include "todo-stack.probe" .values.probes.startup | nindent 8 }}
      readinessProbe:
        {{- include "todo-stack.probe" .values.probes.readiness | nindent 8 }}
      livenessProbe:
        {{- include "todo-stack.probe" .values.probes.liveness | nindent 8 }}
      {{- with .values.preStopSeconds }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ . }}
      {{- end }}
      {{- else if not .values.schedule }}
      # Without probes a container is ready as soon as it has started, and this is part of its start: one that ends within it
      # never takes its predecessor's place, and the update fails.
      lifecycle:
        postStart:
          sleep:
            seconds: {{ min 10 .values.terminationGracePeriodSeconds }}
      {{- end }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        {{- include "todo-stack.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        {{- include "todo-stack.volumeMounts" . | nindent 8 }}
  volumes:
    {{- include "todo-stack.volumes" . | nindent 4 }}
{{- end }}
