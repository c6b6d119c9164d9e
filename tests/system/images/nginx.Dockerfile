# Stands for the published image: Debian's server, and curl, which the published one has, too.
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light curl
