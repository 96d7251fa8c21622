#!/bin/bash
# A database and two roles a service: the owner, who changes tables, and the service, which works with rows. No role sees
# another's database. Passwords come from the secrets' files.
set -e
for service in intake research notifications feedback; do
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

# The vault of the people's keys: one table, made by whoever asks first. No service's own role reads it.
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v password="$(cat /run/secrets/vault_database_password)" <<'SQL'
CREATE ROLE athar_vault LOGIN PASSWORD :'password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE athar_vault OWNER athar_vault;
REVOKE ALL ON DATABASE athar_vault FROM PUBLIC;
SQL
