-- The registry of operations: what each client may run, by the hash of its text.
create table operation (
  id uuid primary key default uuidv7(),
  -- The platform's own pages, every partner's program, anybody; or the id of one program.
  client text not null check (
    client in ('web', 'partner', 'public') or client ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ),
  -- The client's own, as it named it when it published this; empty where it names none.
  version text not null default '' check (length(version) <= 40),
  hash text not null,
  name text not null check (length(name) between 1 and 120),
  kind text not null check (kind in ('query', 'mutation', 'subscription')),
  document text not null check (length(document) between 1 and 100000),
  description text,
  cost int not null check (cost >= 0),
  contract text not null check (contract in ('public', 'partner', 'app', 'admin')),
  first_seen timestamptz not null default now(),
  last_seen timestamptz,
  calls bigint not null default 0,
  p95_ms real,
  -- Null for what came with the platform itself.
  published_by uuid,
  retired_at timestamptz,
  -- Of two that publish one text at the same moment, one row is there in the end.
  unique (client, hash),
  -- Who may write here can still not make one hash stand for another text.
  check (hash = encode(sha256(convert_to(document, 'UTF8')), 'hex'))
);
create index operation_by_name on operation (name, id);

alter table operation enable row level security;
alter table operation force row level security;
-- A program sees and publishes what is its own, and administrators everybody's.
create policy operation_seen on operation for select
  using (app.has('operations:read') or app.has('system') or client = app.uid()::text);
create policy operation_published on operation for insert
  with check (
    app.has('system')
    or (app.has('operations:publish') and (app.has('operations:read') or client = app.uid()::text))
  );
create policy operation_changed on operation for update
  using (app.has('system') or (app.has('operations:publish') and app.has('operations:read')));

-- Whether a client may register what it sends, as it sends it: automatic persisted queries. Nobody
-- may who has no row here.
create table operation_policy (
  client text primary key,
  automatic boolean not null,
  changed_at timestamptz not null,
  changed_by uuid not null
);
alter table operation_policy enable row level security;
alter table operation_policy force row level security;
create policy operation_policy_administered on operation_policy
  using (app.has('system') or (app.has('operations:publish') and app.has('operations:read')))
  with check (app.has('system') or (app.has('operations:publish') and app.has('operations:read')));

-- All that the gateway may see of them, and the one thing that it may change.
create view operation_door with (security_barrier) as
  select id, client, version, hash, name, kind, document, description, cost, contract, first_seen,
    retired_at
  from operation;
grant select on operation_door to svc_gateway;
create view operation_policy_door with (security_barrier) as
  select client, automatic from operation_policy;
grant select on operation_policy_door to svc_gateway;

-- Adds up what ran: [{client, hash, calls, p95_ms, at}].
create function operation_used(uses jsonb) returns void
  language sql security definer set search_path = auth, app, pg_temp
begin atomic
  update auth.operation as known
  set calls = known.calls + used.calls,
    last_seen = greatest(known.last_seen, used.at),
    p95_ms = coalesce(used.p95_ms, known.p95_ms)
  from (
    select client, hash, sum(calls)::bigint as calls, max(at) as at,
      (array_agg(p95_ms order by at desc))[1] as p95_ms
    from jsonb_to_recordset(uses)
      as given (client text, hash text, calls bigint, p95_ms real, at timestamptz)
    group by client, hash
  ) as used
  where known.client = used.client and known.hash = used.hash;
end;
revoke all on function operation_used(jsonb) from public;
grant execute on function operation_used(jsonb) to svc_gateway;

-- Every gateway listens. What ran is no change: it is written often, and decides nothing.
create function tell_operation_changed() returns trigger language plpgsql set search_path = auth, pg_temp
as $$
begin
  perform pg_notify('operation_changed', tg_argv[0]);
  return null;
end $$;
create trigger operation_inserted after insert on operation
  for each statement execute function tell_operation_changed('operation');
create trigger operation_changed after update of retired_at on operation
  for each statement execute function tell_operation_changed('operation');
create trigger operation_policy_changed after insert or update or delete on operation_policy
  for each statement execute function tell_operation_changed('policy');

-- A partner's program may publish for itself.
alter table api_client drop constraint api_client_scopes_check;
alter table api_client add constraint api_client_scopes_check check (
  cardinality(scopes) between 1 and 3
  and scopes <@ array['bookings:read', 'bookings:write', 'operations:publish']
);
alter table api_key drop constraint api_key_scopes_check;
alter table api_key add constraint api_key_scopes_check check (
  cardinality(scopes) between 1 and 3
  and scopes <@ array['bookings:read', 'bookings:write', 'operations:publish']
);
-- It finds itself by its name.
create policy api_client_own on api_client for select using (id = app.uid());
create policy api_key_own on api_key for select using (id = app.uid());
