FROM node:24-trixie-slim AS build
WORKDIR /azrun
COPY package.json package-lock.json ./
# Without scripts: they would build, and the sources are not here yet.
RUN npm ci --ignore-scripts
COPY rolldown.config.js tsconfig.json tsconfig.build.json ./
COPY build build
COPY src src
COPY openapi openapi
COPY fixtures fixtures
RUN npm run build

# Node alone, without npm and without packages: the command line contains them. tini reaps what scripts leave behind.
FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 10001 azrun \
  # So a volume that is mounted here belongs to azrun, not to root.
  && install --directory --owner azrun --group azrun --mode 0700 /home/azrun/.azrun
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /azrun
COPY --from=build /azrun/package.json ./
COPY --from=build /azrun/dist dist
COPY --from=build /azrun/openapi openapi
COPY --from=build /azrun/fixtures fixtures
# The build fails if Node lacks a library here, as versions after 24 do.
RUN ln -s /azrun/dist/cli.js /usr/local/bin/azrun && azrun --version
USER azrun
ENV AZRUN_HOST=0.0.0.0
EXPOSE 10900
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["azrun", "healthcheck"]
ENTRYPOINT ["tini", "--", "azrun"]
