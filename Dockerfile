# syntax=docker/dockerfile:1
# Vesta without a database: DATABASE_URL names one. Written with care and untried: there was no container engine where it was made.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY src ./src
# the compiler is native: its program is an optional dependency
RUN npm ci --ignore-scripts && npm run build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# of what runs, the embedded PostgreSQL is the only optional dependency
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Vesta" \
      org.opencontainers.image.description="A FHIR R4 data API" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
COPY schemas ./schemas
# the image's own unprivileged user; everything it runs is root's and not its to change
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# without npm in between, so that SIGTERM arrives
CMD ["node", "dist/main.js"]
