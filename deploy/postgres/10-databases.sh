#!/bin/bash
# A database and a role a service; no role sees another's database. Passwords come from the secrets' files.
set -e
# The vault of the people's keys is one more: no service's role reads its table through its own database.
for service in intake research notifications feedback vault; do
    password=$(cat "/run/secrets/${service}_database_password")
    psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
        -v role="athar_$service" -v database="athar_$service" -v password="$password" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"role";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
