#!/bin/bash
# A database and two roles a service: the owner, who changes tables, and the service, which works with rows. No role sees
# another's database. Passwords come from the secrets' files.
set -e
# The vault of the people's keys is one more: no service's role reads its table through its own database.
for service in intake research notifications feedback vault; do
    password=$(cat "/run/secrets/${service}_database_password")
    owner_password=$(cat "/run/secrets/${service}_owner_password")
    psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
        -v role="athar_$service" -v owner="athar_${service}_owner" -v database="athar_$service" \
        -v password="$password" -v owner_password="$owner_password" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE :"role" LOGIN PASSWORD :'password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
done
