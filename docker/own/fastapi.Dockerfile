# The image of a FastAPI application that is not ours. Build context: the folder that components/application stages, with
# the application in `app/` and what this project adds to it in `image/`.
ARG PYTHON_IMAGE=python:3.13-slim
ARG UV_IMAGE=ghcr.io/astral-sh/uv:0.13.8

FROM ${UV_IMAGE} AS uv

# Of the application it sees the files that name its dependencies, and nothing else: an edit of the source leaves it alone.
FROM ${PYTHON_IMAGE} AS dependencies
ARG BUILD_PACKAGES=""
RUN --mount=type=cache,id=todo-apt,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,id=todo-apt-lists,target=/var/lib/apt/lists,sharing=locked \
    if [ -n "${BUILD_PACKAGES}" ]; then \
      apt-get update && env -S "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${BUILD_PACKAGES}"; \
    fi
ENV UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python3 UV_LINK_MODE=copy
WORKDIR /build
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=image/python/install.py,target=/build/install.py \
    --mount=type=bind,source=image/dependencies,target=/build/dependencies \
    python install.py dependencies /build/dependencies /opt/venv

# Packages of the application's own that must be installed. Their build may write beside their source, which is thrown away.
FROM dependencies AS own
ARG OWN_PACKAGES=""
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=image/python/install.py,target=/build/install.py \
    --mount=type=bind,source=app,target=/build/app,rw \
    env -S "python install.py own /build/app /opt/own ${OWN_PACKAGES}"

FROM ${PYTHON_IMAGE} AS tools
ENV UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python3 UV_LINK_MODE=copy
ARG MIGRATIONS=none
RUN --mount=type=bind,from=uv,source=/uv,target=/usr/local/bin/uv \
    --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=image,target=/image \
    python /image/python/install.py tools /image /opt/tools

# A mistake in the source ends the build with what the compiler says of it.
FROM ${PYTHON_IMAGE} AS source
COPY app/ /app/
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /app \
    && chmod -R u=rwX,go=rX /app \
    && find /app -exec touch -h -d @0 {} +

# What changes often comes last: an edit of the source makes one small layer.
FROM ${PYTHON_IMAGE}
ARG SYSTEM_PACKAGES=""
RUN --mount=type=cache,id=todo-apt,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,id=todo-apt-lists,target=/var/lib/apt/lists,sharing=locked \
    if [ -n "${SYSTEM_PACKAGES}" ]; then \
      apt-get update && env -S "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${SYSTEM_PACKAGES}"; \
    fi \
    && groupadd --gid 10001 app && useradd --uid 10001 --gid 10001 --home-dir /tmp --shell /usr/sbin/nologin app \
    && rm -rf /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig
COPY --from=dependencies /opt/venv/ /opt/venv/
COPY --from=tools /opt/tools/ /opt/
COPY --from=own /opt/own/ /opt/own/
COPY --from=source /app/ /app/
WORKDIR /app
ARG APP_PYTHONPATH=/app
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    VIRTUAL_ENV=/opt/venv \
    PYTHONPATH=${APP_PYTHONPATH} \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
ARG APP_VERSION=0.0.0-dev
ENV APP_VERSION=${APP_VERSION}
ARG APP_TITLE=backend
ARG CONTENT_HASH
ARG SOURCE_URL
LABEL org.opencontainers.image.title="${APP_TITLE}" \
      org.opencontainers.image.description="A FastAPI application" \
      org.opencontainers.image.source="${SOURCE_URL}" \
      org.opencontainers.image.version="${APP_VERSION}" \
      dev.todo-stack.content-hash="${CONTENT_HASH}"
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "/opt/start/start.py"]
