# hadolint and shellcheck for `npm test`, uv for `npm run audit`. Build context: the repository's root.
# It is deployed nowhere.
ARG PYTHON_IMAGE=python:3.13-slim
ARG UV_IMAGE=ghcr.io/astral-sh/uv:0.13.8

FROM ${UV_IMAGE} AS uv

FROM ${PYTHON_IMAGE}
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_PYTHON=/usr/local/bin/python3 UV_LINK_MODE=copy
WORKDIR /repository
RUN --mount=type=cache,id=todo-uv,target=/root/.cache/uv \
    --mount=type=bind,source=docker/lint/pyproject.toml,target=/repository/pyproject.toml \
    --mount=type=bind,source=docker/lint/uv.lock,target=/repository/uv.lock \
    uv sync --frozen --no-progress
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin
