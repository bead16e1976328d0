# The page as static files behind nginx. Context: the repository's root.
ARG NODE_IMAGE=node:24-slim
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.29-alpine-slim

FROM ${NODE_IMAGE} AS build
RUN --mount=type=cache,id=todo-npm,target=/root/.npm npm install --global --no-fund --no-audit pnpm@12.21.0
WORKDIR /app
COPY apps/frontend/package.json apps/frontend/pnpm-lock.yaml apps/frontend/pnpm-workspace.yaml ./
RUN --mount=type=cache,id=todo-pnpm,target=/pnpm \
    pnpm install --frozen-lockfile --prod --store-dir=/pnpm/store --config.cache-dir=/pnpm/cache
COPY apps/frontend/ ./
# Equal sources make equal layers: no file keeps the moment of its build. The page's own have times that tell their content
# (tools/finish-export.ts), because nginx makes their entity tags of them.
# Large chunks are those of the libraries: named by their content, and the same after an edit of the page.
RUN --mount=type=cache,id=todo-next,target=/app/.next/cache node --run build \
    && chunks=srv/www/_next/static/chunks && mkdir -p /image/srv /image/etc/nginx "/large/$chunks" \
    && mv out /image/srv/www \
    && mv .next/csp.conf /image/etc/nginx/page-policy.conf \
    && find "/image/$chunks" -name '*.js' -size +64k -exec sh -c 'mv "$1" "$1.gz" "$2"' mv {} "/large/$chunks" \; \
    && chmod -R u=rwX,go=rX /image /large \
    && touch -d @0 /image/etc/nginx/page-policy.conf \
    && find /image /large -type d -exec touch -d @0 {} +

# The configuration with modes of its own: a checkout under a strict umask would be unreadable to the server's user.
FROM ${NODE_IMAGE} AS configuration
COPY docker/nginx/ /image/etc/nginx/
RUN chmod -R u=rwX,go=rX /image && find /image -exec touch -d @0 {} +

FROM ${NGINX_IMAGE}
COPY --from=configuration /image/ /
COPY --from=build /large/ /
COPY --from=build /image/ /
ARG APP_VERSION=0.0.0-dev
ENV APP_VERSION=${APP_VERSION}
ARG CONTENT_HASH
ARG SOURCE_URL
LABEL org.opencontainers.image.title="todo-frontend" \
      org.opencontainers.image.description="The todo application's page, behind nginx" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE_URL}" \
      org.opencontainers.image.version="${APP_VERSION}" \
      dev.todo-stack.content-hash="${CONTENT_HASH}"
USER 101
EXPOSE 8080
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-e", "stderr", "-c", "/etc/nginx/nginx.conf"]
