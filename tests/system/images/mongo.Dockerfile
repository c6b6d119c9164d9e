# Stands for the published image, but for the server itself: its licence keeps it out of images, so compose_test.py
# mounts the cache of tests/servers/fetch.py.
FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends openssl libcurl4 \
    && useradd --system --uid 999 mongodb \
    && install -d -o mongodb /data/db
RUN printf '#!/bin/sh\nLD_LIBRARY_PATH=/opt/mongodb/ssl exec /opt/mongodb/mongod "$@"\n' >/usr/bin/mongod \
    && chmod 755 /usr/bin/mongod
USER 999
VOLUME /data/db
