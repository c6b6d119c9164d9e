#!/bin/sh
# Makes what the containers of compose.yaml need to trust each other: a private certificate authority, a certificate for
# every engine, passwords and keys. Runs at every start and changes nothing that is there, but for certificates that
# would expire within a month or that another authority signed. Each of the folders below $1 is a volume that only its readers mount; the authority's own
# key and the passwords in clear stay with those that need them.
set -eu
umask 077

root=${1:-/secrets}
engine=999  # Who runs MongoDB, RabbitMQ and Redis in their published images.
shop=10001  # Who runs the program (Dockerfile).
redis_commands="+ping +select +eval +time +get +getrange +set +del +expire +pexpire +pttl +hmget +hset +hget +hincrby"
redis_commands="$redis_commands +hexists +zadd +zremrangebyscore +zunionstore +zcard +zcount +zrange +zscore"
renew_before=$((30 * 24 * 3600))
cd "$root"

# keep FILE COMMAND...: the command's output becomes the file, unless it is there. A crash leaves no half of it.
keep() {
    file=$1
    shift
    [ -s "$file" ] && return
    "$@" >"$file.new"
    mv "$file.new" "$file"
}

# signed NAME ALTERNATIVES FOLDER: the certificate of an engine and its key, PEM, signed by the authority.
signed() {
    if openssl verify -CAfile authority/ca.pem "$3/server.pem" >/dev/null 2>&1 \
        && openssl x509 -noout -checkend $renew_before -in "$3/server.pem" >/dev/null; then
        return
    fi
    openssl req -x509 -CA authority/ca.pem -CAkey authority/ca.key -days 825 -subj "/CN=$1" -nodes -newkey ec \
        -pkeyopt ec_paramgen_curve:prime256v1 -keyout "$3/server.key.new" -out "$3/server.pem.new" \
        -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth,clientAuth \
        -addext "subjectAltName=$2,DNS:localhost,IP:127.0.0.1" 2>/dev/null
    mv "$3/server.key.new" "$3/server.key"
    mv "$3/server.pem.new" "$3/server.pem"
}

# RabbitMQ keeps base64(salt + sha256(salt + password)).
rabbitmq_hash() {
    openssl rand -out rabbitmq/salt 4
    { cat rabbitmq/salt && tr -d '\n' <shop/rabbitmq.password; } | openssl dgst -sha256 -binary >rabbitmq/digest
    cat rabbitmq/salt rabbitmq/digest | openssl base64 -A
    rm rabbitmq/salt rabbitmq/digest
}

rabbitmq_definitions() {
    cat <<JSON
{
  "vhosts": [{"name": "backline"}],
  "users": [{"name": "backline", "password_hash": "$(rabbitmq_hash)", "tags": "monitoring",
             "hashing_algorithm": "rabbit_password_hashing_sha256"}],
  "permissions": [{"user": "backline", "vhost": "backline", "configure": ".*", "write": ".*", "read": ".*"}]
}
JSON
}

# Whoever does not log in may do nothing, and `health` may ask whether the server lives. A default user that needs no
# password would make Redis refuse everybody from another machine. The shop may do what it does and nothing else
# (adapters/redis/rights_test.cpp).
redis_users() {
    hash=$(tr -d '\n' <shop/redis.password | openssl dgst -sha256 -r | cut -d ' ' -f 1)
    echo "user default off resetpass resetkeys resetchannels -@all"
    echo "user health on nopass resetkeys resetchannels -@all +ping"
    echo "user backline on #$hash ~backline:* resetchannels -@all $redis_commands"
}

if [ ! -s authority/ca.pem ]; then
    openssl req -x509 -days 3650 -subj "/CN=Authority of a Backline shop" -nodes -newkey ec \
        -pkeyopt ec_paramgen_curve:prime256v1 -keyout authority/ca.key -out authority/ca.pem.new \
        -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
    mv authority/ca.pem.new authority/ca.pem
fi
for folder in mongo rabbitmq redis shop; do
    cmp -s authority/ca.pem $folder/ca.pem || cp authority/ca.pem $folder/ca.pem
done
signed mongo DNS:mongo1,DNS:mongo2,DNS:mongo3 mongo
signed rabbitmq DNS:rabbitmq rabbitmq
signed redis DNS:redis redis
cat mongo/server.pem mongo/server.key >mongo/server-with-key.pem

for name in mongo rabbitmq redis; do
    keep shop/$name.password openssl rand -hex 24
done
keep mongo/members.key openssl rand -base64 60
keep rabbitmq/definitions.json rabbitmq_definitions
keep redis/users.acl redis_users
backline keys signing/keys.json

chmod -R u=rwX,go= authority mongo rabbitmq redis shop signing
chmod 400 mongo/members.key
chown -R $engine:$engine mongo rabbitmq redis
chown -R $shop:$shop shop signing
