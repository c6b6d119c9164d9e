# Stands for the published image: Debian's server, with the published one's user, folders and plugins.
FROM debian:bookworm-slim
RUN useradd --system --uid 999 --user-group --home-dir /var/lib/rabbitmq rabbitmq \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends rabbitmq-server \
    && echo '[rabbitmq_management,rabbitmq_prometheus].' >/etc/rabbitmq/enabled_plugins
ENV PATH=/usr/lib/rabbitmq/bin:$PATH HOME=/var/lib/rabbitmq
USER 999
VOLUME /var/lib/rabbitmq
CMD ["rabbitmq-server"]
