#!/usr/bin/env bash
# Makes the secrets that the files refer to, with random values, in the namespace given (default facecloud).
# A secret that exists is left as it is: databases remember the password they were made with.
#
#   ./secrets.sh                                                    all of them
#   POSTGRES='Host=db.example;Port=5432;Database=facecloud;Username=…;Password=…;SSL Mode=VerifyFull' ./secrets.sh
#                                                                   with a database of yours (component postgres-external)
#   S3_ACCESS_KEY=… S3_SECRET_KEY=… ./secrets.sh                    with an object store of yours (component s3-photos)
set -euo pipefail
namespace=${1:-facecloud}

random() { openssl rand -hex 24; }

# make_secret NAME --from-literal=KEY=VALUE…
make_secret() {
    if kubectl --namespace "$namespace" get secret "$1" >/dev/null 2>&1; then
        echo "secret $1 exists and stays as it is"
    else
        kubectl --namespace "$namespace" create secret generic "$@"
    fi
}

kubectl create namespace "$namespace" --dry-run=client --output yaml | kubectl apply --filename -

rabbitmq=$(random)
make_secret facecloud-rabbitmq --from-literal=username=facecloud --from-literal=password="$rabbitmq" --from-literal=erlang-cookie="$(random)" \
    --from-literal=uri="amqp://facecloud:$rabbitmq@rabbitmq.$namespace.svc:5672"

postgres=$(random)
make_secret facecloud-postgres --from-literal=username=facecloud --from-literal=password="$postgres" \
    --from-literal=connection-string="${POSTGRES:-Host=postgres;Port=5432;Database=facecloud;Username=facecloud;Password=$postgres}"

qdrant=$(random)
make_secret facecloud-qdrant --from-literal=api-key="$qdrant" --from-literal=connection-string="Endpoint=http://qdrant:6334;Key=$qdrant"

if [[ -z "${S3_ACCESS_KEY:-}" ]]; then
    exit 0
fi
make_secret facecloud-s3 --from-literal=access-key="$S3_ACCESS_KEY" --from-literal=secret-key="${S3_SECRET_KEY:?}"
