# All that the pipeline needs, from the lock file; what runs in it needs no network.
#   docker build --tag cats-or-dogs .
#   docker run --rm --volume ./photos:/photos:ro --volume ./runs:/app/runs cats-or-dogs pipeline --data /photos
# The folder that is mounted at /app/runs has to be writable by user 1993, or name another with --user.
FROM denoland/deno:debian-2.9.6

WORKDIR /app
# What changes seldom comes first, so that another build need not fetch the libraries again.
COPY deno.json deno.lock ./
COPY pipeline/studio/client/deno.json pipeline/studio/client/
RUN deno install --frozen

COPY . .
RUN mkdir -p runs \
  && chown deno:deno runs \
  && DENO_DIR=/deno-dir deno cache --frozen main.ts \
  && chown -R deno:deno /deno-dir

USER deno
ENTRYPOINT ["deno", "task", "--quiet"]
CMD ["pipeline"]
