# A Next.js application of one's own with its server, on a root file system that holds Node and nothing else.
# Context: `app/` is the application's folder, `image/` is what its recipe adds (components/application/nextjs).
ARG NODE_IMAGE=node:24-slim

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
    sh /recipe/nextjs/build.sh standalone && node /recipe/nextjs/finish-server.mjs /app /layers

FROM ${NODE_IMAGE} AS runtime
RUN --mount=type=bind,source=image/nextjs,target=/tools sh /tools/assemble.sh /runtime

FROM scratch
COPY --from=runtime /runtime/ /
COPY --from=build /layers/modules/ /
COPY --from=build /layers/application/ /
ARG PORT=3000
# HOSTNAME is where the server listens, and the container's name wherever something sets it: start.mjs sees to that.
ENV PATH=/usr/local/bin NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=${PORT}
ARG APP_VERSION=0.0.0-dev
ENV APP_VERSION=${APP_VERSION}
ARG APP_NAME=application
ARG CONTENT_HASH
ARG SOURCE_URL
LABEL org.opencontainers.image.title="${APP_NAME}" \
      org.opencontainers.image.description="A Next.js application with its server" \
      org.opencontainers.image.source="${SOURCE_URL}" \
      org.opencontainers.image.version="${APP_VERSION}" \
      dev.todo-stack.content-hash="${CONTENT_HASH}"
WORKDIR /app
USER 10001:10001
EXPOSE ${PORT}
ENTRYPOINT ["/usr/local/bin/node", "/usr/local/lib/start.mjs"]
