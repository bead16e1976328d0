# A Next.js application of one's own as static files behind nginx.
# Context: `app/` is the application's folder, `image/` is what its recipe adds (components/application/nextjs).
ARG NODE_IMAGE=node:24-slim
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.29-alpine-slim

# What the installation of dependencies depends on, so that an edit of anything else does not repeat it.
FROM ${NODE_IMAGE} AS inputs
COPY app/ /app/
RUN --mount=type=bind,source=image/nextjs,target=/tools node /tools/install-inputs.mjs /app /inputs

FROM ${NODE_IMAGE} AS build
ARG PACKAGE_MANAGER=npm
ARG PACKAGE_MANAGER_PACKAGE=""
ENV PATH=/opt/manager/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN --mount=type=bind,source=image/nextjs/install-manager.sh,target=/install-manager.sh \
    --mount=type=cache,id=own-packages,target=/caches \
    sh /install-manager.sh
WORKDIR /app
COPY --from=inputs /inputs/ ./
RUN --mount=type=bind,source=image/nextjs/install.sh,target=/install.sh \
    --mount=type=cache,id=own-packages,target=/caches \
    sh /install.sh
COPY app/ ./
ARG APP_NAME=application
ARG CONTENT_HASH
RUN --mount=type=bind,source=image,target=/recipe --mount=type=cache,id=own-next,target=/cache \
    sh /recipe/nextjs/build.sh export && node /recipe/nextjs/finish-export.mjs /app /layers

# Our configuration with what an unknown application needs otherwise laid over it, and the values of its recipe filled in.
FROM ${NODE_IMAGE} AS configuration
COPY image/nginx/ /image/etc/nginx/
COPY image/own-nginx/ /image/etc/nginx/
ARG PORT=8080
ARG API_PATH=/api
ARG API_REWRITE="^ \$uri"
RUN sed -i "s#@PORT@#$PORT#; s#@API_PATH@#$API_PATH#; s#@API_REWRITE@#$API_REWRITE#" /image/etc/nginx/server.conf \
    && sed -i "s#:8080#:$PORT#" /image/etc/nginx/upstream.d/peers.conf \
    && chmod -R u=rwX,go=rX /image && find /image -exec touch -d @0 {} +

FROM ${NGINX_IMAGE}
COPY --from=configuration /image/ /
COPY --from=build /layers/large/ /
COPY --from=build /layers/application/ /
ARG APP_VERSION=0.0.0-dev
ENV APP_VERSION=${APP_VERSION}
ARG APP_NAME=application
ARG CONTENT_HASH
ARG SOURCE_URL
LABEL org.opencontainers.image.title="${APP_NAME}" \
      org.opencontainers.image.description="A Next.js application as static files, behind nginx" \
      org.opencontainers.image.source="${SOURCE_URL}" \
      org.opencontainers.image.version="${APP_VERSION}" \
      dev.todo-stack.content-hash="${CONTENT_HASH}"
USER 101
ARG PORT=8080
EXPOSE ${PORT}
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-e", "stderr", "-c", "/etc/nginx/nginx.conf"]
