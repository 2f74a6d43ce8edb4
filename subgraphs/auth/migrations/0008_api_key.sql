-- Keys of partners' programs. A key is a program of its own, as a client is: its id is the subject and
-- the client id that the gateway sees, also after it was rotated.
create table api_key (
  id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 80),
  -- A key has 256 random bits: a fast hash of it cannot be guessed back.
  secret_hash bytea not null check (length(secret_hash) = 32),
  -- The key before the last rotation, while both are good.
  previous_hash bytea check (length(previous_hash) = 32),
  previous_until timestamptz,
  scopes text[] not null check (
    cardinality(scopes) between 1 and 2 and scopes <@ array['bookings:read', 'bookings:write']
  ),
  rate_limit_per_minute int not null check (rate_limit_per_minute between 1 and 6000),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  rotated_at timestamptz,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  check ((previous_hash is null) = (previous_until is null)),
  check (previous_until <= expires_at),
  check (expires_at <= coalesce(rotated_at, created_at) + interval '366 days')
);
create unique index api_key_name on api_key (lower(name)) where revoked_at is null;

alter table api_key enable row level security;
alter table api_key force row level security;
create policy api_key_administered on api_key
  using (app.has('clients:admin') or app.has('system'))
  with check (app.has('clients:admin') or app.has('system'));

-- All that the gateway may see of them, and the one thing that it may change.
create view api_key_door with (security_barrier) as
  select
    id, secret_hash, previous_hash, previous_until, scopes, rate_limit_per_minute, expires_at,
    revoked_at
  from api_key;
grant select on api_key_door to svc_gateway;

create function api_key_used(key uuid, at timestamptz) returns void
  language sql security definer set search_path = auth, app, pg_temp
begin atomic
  update auth.api_key
  set last_used_at = greatest(last_used_at, at)
  where api_key.id = key and revoked_at is null;
end;
revoke all on function api_key_used(uuid, timestamptz) from public;
grant execute on function api_key_used(uuid, timestamptz) to svc_gateway;

-- Every gateway listens: what was revoked or replaced leaves every cache at once.
create function tell_api_key_changed() returns trigger language plpgsql set search_path = auth, pg_temp
as $$
begin
  perform pg_notify('api_key_changed', new.id::text);
  return null;
end $$;
create trigger api_key_changed
  after update of secret_hash, previous_hash, previous_until, scopes, rate_limit_per_minute, expires_at, revoked_at
  on api_key
  for each row
  execute function tell_api_key_changed();
