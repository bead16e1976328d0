# The backend's image. Build context: the repository's root.
#
# What is a container image? A file system with everything that a program needs to run, made once by the steps below and then
# never changed. A container is a process that sees this file system in place of the machine's own, so it runs the same on
# every machine. Each step makes a layer; a layer whose step and sources are the same is not made again. The image's name
# says which version it is, its tag in this project what is in it (components/image).
#
# The final stage is no python:3.13-slim but what python:3.13-slim consists of, as far as the server needs it: the stage
# `assemble` runs on that base and takes the interpreter, the shared libraries and the virtual environment out of it.
# That is less than half of the size, and there is no shell and no package manager in it.
ARG PYTHON_IMAGE=python:3.13-slim
ARG UV_IMAGE=ghcr.io/astral-sh/uv:0.13.8

FROM ${UV_IMAGE} AS uv

FROM ${PYTHON_IMAGE} AS dependencies
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python3 UV_LINK_MODE=copy
WORKDIR /app
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=apps/backend/pyproject.toml,target=/app/pyproject.toml \
    --mount=type=bind,source=apps/backend/uv.lock,target=/app/uv.lock \
    uv sync --frozen --no-dev --no-progress

# pytest, ruff and mypy with all dependencies. The source and the tests are mounted at /app: see apps/backend/README.md.
# PostgreSQL and PgBouncer are what the tests start themselves: a server that takes TLS alone, and a transaction pooler.
FROM dependencies AS test
RUN --mount=type=cache,id=todo-apt,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,id=todo-apt-lists,target=/var/lib/apt/lists,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends libnss-wrapper pgbouncer postgresql
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=apps/backend/pyproject.toml,target=/app/pyproject.toml \
    --mount=type=bind,source=apps/backend/uv.lock,target=/app/uv.lock \
    uv sync --frozen --no-progress --compile-bytecode
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1
CMD ["pytest"]

FROM ${PYTHON_IMAGE} AS assemble
RUN --mount=type=cache,id=todo-apt,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,id=todo-apt-lists,target=/var/lib/apt/lists,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends binutils
RUN --mount=type=bind,from=dependencies,source=/opt/venv,target=/opt/venv \
    --mount=type=bind,source=apps/backend/image,target=/image \
    sh /image/assemble.sh /assembled

# Everything below is in the image. What changes often comes last: an edit of the source redoes the last step only, in a
# fraction of a second, and makes one small layer. Scripts are mounted where a folder already is, so that no mount point
# stays behind.
FROM scratch AS server
COPY --from=assemble /assembled /
ENV PATH=/opt/venv/bin:/usr/local/bin \
    PYTHONPATH=/app/src \
    PYTHONPYCACHEPREFIX=/var/cache/python \
    PYTHONUNBUFFERED=1 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
WORKDIR /app
RUN --mount=type=bind,source=apps/backend/image,target=/tmp ["python", "/tmp/warm.py"]
ENV PYTHONDONTWRITEBYTECODE=1
RUN --mount=type=bind,source=apps/backend,target=/tmp ["python", "/tmp/image/install.py"]

# Built by `npm test` alone: starts the server and asks it.
FROM server AS smoke
RUN --mount=type=bind,source=apps/backend/image,target=/tmp ["python", "/tmp/smoke.py"]

FROM server
ARG APP_VERSION=0.0.0-dev
ENV APP_VERSION=${APP_VERSION}
ARG CONTENT_HASH
ARG SOURCE_URL
LABEL org.opencontainers.image.title="todo-backend" \
      org.opencontainers.image.description="The todo application's API" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE_URL}" \
      org.opencontainers.image.version="${APP_VERSION}" \
      dev.todo-stack.content-hash="${CONTENT_HASH}"
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "-m", "todo"]
