# Stands for the published image: Debian's server, with the published one's user and folder.
FROM debian:bookworm-slim
RUN useradd --system --uid 999 --user-group redis \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends redis-server redis-tools \
    && install -d -o redis /data
USER 999
WORKDIR /data
VOLUME /data
