import { busGrants, busPlatform } from './bus.platform.ts'
import type { Pool, Transaction } from './postgres.ts'
import { scramVerifier } from './scram.ts'

export type PlatformService = { readonly name: string; readonly password: string }

/** Any number that nothing else locks with: one process at a time changes the platform. */
const lockKey = 7_521_001

/**
 * Brings a database to the state every service expects: extensions, `app` and `bus` functions, and
 * for each service an owner role, a login role, a schema and the tables of the kit. Runs as an
 * administrator; safe to run again and by two processes at once. A changed password takes effect. A
 * later column needs its own `alter table … add column if not exists`: databases that exist keep
 * their tables.
 */
export async function createPlatform(sql: Pool, services: readonly PlatformService[]) {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockKey})`
    await tx.unsafe(shared + busPlatform)
    for (const service of services) await createService(tx, service)
  })
}

const shared = `
  create extension if not exists btree_gist schema public;
  create extension if not exists citext schema public;
  create extension if not exists pg_trgm schema public;
  create extension if not exists unaccent schema public;

  create schema if not exists app;
  -- The bodies are bound when they are created, so no search_path can bend them, and the planner
  -- may inline them.
  create or replace function app.uid() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.user', true), '')::uuid;
  create or replace function app.has(scope text) returns boolean
    language sql stable parallel safe
    return scope = any(string_to_array(coalesce(current_setting('app.scopes', true), ''), ' '));
`

async function createService(tx: Transaction, { name, password }: PlatformService) {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) throw new Error(`"${name}" cannot name a schema.`)
  await tx.unsafe(rolesOf(name))
  await tx.unsafe(`alter role svc_${name} password '${scramVerifier(password)}'`)
  await tx.unsafe(schemaOf(name) + busGrants(name))
}

const rolesOf = (name: string) => `
  do $$ begin
    if to_regrole('own_${name}') is null then create role own_${name} nologin; end if;
    if to_regrole('svc_${name}') is null then create role svc_${name} login nobypassrls; end if;
  end $$;
  grant own_${name} to current_user;
  alter role svc_${name} set search_path = ${name}, app, public;
  alter role svc_${name} set statement_timeout = '5s';
  alter role svc_${name} set idle_in_transaction_session_timeout = '10s';
  alter role svc_${name} set lock_timeout = '5s';
`

const schemaOf = (name: string) => `
  create schema if not exists ${name} authorization own_${name};
  revoke all on schema ${name} from public;
  grant usage on schema ${name} to svc_${name};
  grant usage on schema app to own_${name}, svc_${name};
  alter default privileges for role own_${name} in schema ${name}
    grant select, insert, update, delete on tables to svc_${name};
  alter default privileges for role own_${name} in schema ${name}
    grant usage on sequences to svc_${name};
  set local role own_${name};
  -- Events out, written in the transaction of the change they tell of.
  create table if not exists ${name}.outbox (
    id uuid primary key default uuidv7(),
    seq bigint generated always as identity unique,
    topic text not null,
    entity_id uuid not null,
    payload jsonb not null,
    headers jsonb not null default '{}',
    created_at timestamptz not null default now(),
    published_at timestamptz
  );
  create index if not exists outbox_waiting on ${name}.outbox (seq) where published_at is null;
  create index if not exists outbox_published on ${name}.outbox (published_at)
    where published_at is not null;
  -- Events in: each is handled once per consumer.
  create table if not exists ${name}.inbox (
    consumer text,
    event_id uuid,
    handled_at timestamptz not null default now(),
    primary key (consumer, event_id)
  );
  create index if not exists inbox_handled on ${name}.inbox (handled_at);
  create table if not exists ${name}.consumer (
    name text primary key,
    position bigint not null
  );
  -- Events that their consumer failed on; they are tried again, and later ones of the entity wait
  -- behind them.
  create table if not exists ${name}.parked_event (
    consumer text,
    position bigint,
    entity_id uuid not null,
    event jsonb not null,
    attempts int not null default 0,
    last_error text,
    next_attempt_at timestamptz not null default now() + interval '1 second',
    primary key (consumer, position)
  );
  create index if not exists parked_event_entity
    on ${name}.parked_event (consumer, entity_id, position);
  -- Answers of mutations that a client may send twice.
  create table if not exists ${name}.idempotency (
    principal text,
    key text,
    operation text not null,
    request_hash bytea not null,
    response jsonb,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '24 hours',
    primary key (principal, key)
  );
  create index if not exists idempotency_expired on ${name}.idempotency (expires_at);
  create table if not exists ${name}.migration (
    number int primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  );
  revoke insert, update, delete on ${name}.migration from svc_${name};
  reset role;
`
