-- Sessions that tell more of themselves.
alter table web_session
  -- When the person last proved who they are; null where the provider does not tell.
  add column authenticated_at timestamptz,
  -- When `acr` was proven: a second factor counts for some minutes only.
  add column acr_at timestamptz,
  -- As the provider says; what other rooms know of the person they know from `auth.user-login`.
  add column display_name text not null default '',
  add column email text,
  add column locale text check (locale in ('fr', 'en')),
  -- Country code, or city and country code: `FR`, `Lyon, FR`. Null without a file that knows.
  add column place text,
  -- True for a sign-in that nobody saw: the provider's own one was still good.
  add column silent boolean not null default false,

  -- From when on the provider is to be asked again; null when it gave no refresh token.
  add column renew_at timestamptz,
  -- Somebody asks it, until then at the latest.
  add column renewing_until timestamptz,
  -- Since then nobody knows whether the provider has changed the refresh token: its answer was lost.
  add column renewal_unsure_at timestamptz,
  -- Ended because the tokens were lost, not because anybody wanted it: a silent sign-in may follow.
  add column lost_at timestamptz,
  -- Why a gateway ended it; null for what this room ends, which audits its own acts.
  add column ended_because text check (
    ended_because in ('signed-out', 'replaced', 'provider', 'refused', 'lost')
  ),

  -- For whom the person acts, with what of theirs, until when; null for themselves.
  add column acting_for uuid,
  add column acting_name text,
  add column acting_roles text[],
  -- Null for everything that the roles allow.
  add column acting_scopes text[],
  add column acting_read_only boolean not null default true,
  add column acting_until timestamptz,
  add constraint web_session_acting check (
    num_nulls(acting_for, acting_name, acting_roles, acting_until) in (0, 4)
  ),
  add constraint web_session_lost check (lost_at is null or revoked_at is not null);

-- No whole address is kept: a person recognises their network by less. Its policies name the roles of services, so its
-- owner sees no row while row security is forced.
alter table web_session no force row level security;
update web_session
set ip = network(set_masklen(ip, case family(ip) when 4 then 24 else 48 end));
alter table web_session force row level security;
alter table web_session add constraint web_session_network check (
  masklen(ip) <= case family(ip) when 4 then 24 else 48 end and ip = network(ip)
);

create index web_session_acting_for on web_session (acting_for)
  where acting_for is not null and revoked_at is null;

-- One channel for everything: what is told before a gateway's own heartbeat has arrived with it.
create or replace function tell_web_session_revoked() returns trigger language plpgsql as $$
begin
  perform pg_notify('web_session', 'revoked ' || new.id);
  return null;
end $$;

create function tell_web_session_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('web_session', 'changed ' || new.id);
  return null;
end $$;
create trigger web_session_changed
  after update on web_session
  for each row
  when (
    new.revoked_at is null and (
      old.roles, old.acr, old.acr_at, old.acting_for, old.acting_roles, old.acting_scopes,
      old.acting_read_only, old.acting_until
    ) is distinct from (
      new.roles, new.acr, new.acr_at, new.acting_for, new.acting_roles, new.acting_scopes,
      new.acting_read_only, new.acting_until
    )
  )
  execute function tell_web_session_changed();

-- The gateway may not write events of this room: a sign-in tells of itself.
create function tell_user_login() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.outbox (topic, entity_id, payload)
  values ('auth.user-login', new.person_id, jsonb_build_object(
    'personId', new.person_id,
    'sessionId', new.id,
    'acr', new.acr,
    'roles', new.roles,
    'device', new.device,
    'ip', text(new.ip),
    'place', new.place,
    'email', new.email,
    'displayName', new.display_name,
    'locale', new.locale,
    'silent', new.silent,
    'at', new.created_at
  ));
  return null;
end $$;
create trigger user_login
  after insert on web_session
  for each row
  execute function tell_user_login();

-- The gateway may not write to the audit either: what it ends tells of itself, and of nobody as the
-- actor where it was not the person.
create function tell_session_ended() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.outbox (topic, entity_id, payload)
  values ('auth.audited', new.id, jsonb_build_object(
    'action', 'auth.session-ended',
    'actorId', case when new.ended_because in ('signed-out', 'replaced') then new.person_id end,
    'onBehalfOf', null,
    'entity', 'Session',
    'entityId', new.id,
    'requestId', null,
    'ip', null,
    'detail', jsonb_build_object('why', new.ended_because, 'personId', new.person_id)
  ));
  return null;
end $$;
create trigger session_ended
  after update on web_session
  for each row
  when (old.revoked_at is null and new.revoked_at is not null and new.ended_because is not null)
  execute function tell_session_ended();
