#!/usr/bin/env bash
# One database and one user per service; no service can read another's.
set -euo pipefail
for service in registry enrollment evaluation certification integration; do
  password_variable="${service^^}_DATABASE_PASSWORD"
  psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=service="$service" --set=password="${!password_variable}" <<'SQL'
CREATE USER :"service" PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
done
