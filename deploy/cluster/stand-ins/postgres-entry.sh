#!/bin/sh
# What the image of PostgreSQL does on its first start, as far as our manifests ask for it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086
  initdb --pgdata="$PGDATA" --username=postgres --no-instructions --pwfile=/dev/fd/3 ${POSTGRES_INITDB_ARGS:-} 3<<PASSWORD
$POSTGRES_PASSWORD
PASSWORD
  if [ -n "${POSTGRES_DB:-}" ] && [ "$POSTGRES_DB" != postgres ]; then
    echo "create database \"$POSTGRES_DB\"" | postgres --single -D "$PGDATA" postgres
  fi
fi
exec "$@"
