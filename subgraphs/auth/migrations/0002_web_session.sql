-- Written by the gateway, read and revoked by its owner through this subgraph.
create table web_session (
  id uuid primary key default uuidv7(),
  id_hash bytea not null unique check (length(id_hash) = 32),
  person_id uuid not null,
  subject text not null,
  roles text[] not null,
  acr text not null default '1',
  provider_sid text,
  tokens bytea not null,
  device text not null,
  ip inet,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  absolute_end timestamptz not null,
  revoked_at timestamptz,
  check (expires_at <= absolute_end)
);
create index web_session_by_person on web_session (person_id, last_seen_at desc, id desc)
  where revoked_at is null;
create index web_session_by_provider_sid on web_session (provider_sid) where revoked_at is null;
create index web_session_by_subject on web_session (subject) where revoked_at is null;

alter table web_session enable row level security;
alter table web_session force row level security;
create policy web_session_own on web_session to svc_auth
  using (person_id = app.uid() or app.has('users:admin') or app.has('system'));
-- The gateway holds the cookie and therefore every session; it reaches no other table here.
create policy web_session_gateway on web_session to svc_gateway using (true) with check (true);
grant usage on schema auth to svc_gateway;
grant select, insert, update on web_session to svc_gateway;

-- Every gateway listens: an ended session closes its streams and leaves every cache at once.
create function tell_web_session_revoked() returns trigger language plpgsql as $$
begin
  perform pg_notify('web_session_revoked', new.id::text);
  return null;
end $$;
create trigger web_session_revoked
  after update of revoked_at on web_session
  for each row
  when (old.revoked_at is null and new.revoked_at is not null)
  execute function tell_web_session_revoked();
