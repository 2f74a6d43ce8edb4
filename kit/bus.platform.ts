/**
 * The embedded bus: one append-only table. A service reads its own events and
 * the topics that its migrations put into `bus.reader`; it writes through `publish` alone, which
 * takes the source from the login role, so no service can speak for another.
 */
export const busPlatform = `
  create schema if not exists bus;
  create table if not exists bus.event (
    position bigint primary key,
    id uuid not null unique,
    source text not null,
    topic text not null,
    entity_id uuid not null,
    payload jsonb not null,
    headers jsonb not null,
    at timestamptz not null
  );
  create index if not exists event_topic on bus.event (topic, position);
  -- Who reads what: a service's migration adds the topics that it consumes. Payloads hold e-mails.
  create table if not exists bus.reader (
    service text,
    topic text,
    primary key (service, topic)
  );
  -- Once: each of these would hold up whoever reads.
  do $$ begin
    if not exists (select from pg_policies where schemaname = 'bus' and policyname = 'event_read') then
      alter table bus.reader enable row level security;
      create policy reader_own on bus.reader
        using (service = substring(current_user from '^(?:own|svc)_(.+)$'));
      alter table bus.event enable row level security;
      create policy event_read on bus.event for select
        using (
          source = substring(current_user from '^svc_(.+)$')
          or topic in (select topic from bus.reader)
        );
    end if;
  end $$;
  create table if not exists bus.head (
    is_only boolean primary key default true check (is_only),
    position bigint not null default 0
  );
  insert into bus.head default values on conflict do nothing;

  create or replace function bus.publish(events jsonb) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    publisher text := substring(session_user from '^svc_(.+)$');
    last bigint;
    added bigint;
  begin
    if publisher is null then
      raise exception 'only a service publishes' using errcode = 'insufficient_privilege';
    end if;
    -- Locked until commit: positions become visible in their own order, and a rollback gives them
    -- back.
    select position into last from bus.head for update;
    insert into bus.event (position, id, source, topic, entity_id, payload, headers, at)
    select last + row_number() over (order by e.place), (e.event ->> 'id')::uuid, publisher,
      e.event ->> 'topic', (e.event ->> 'entityId')::uuid, e.event -> 'payload',
      e.event -> 'headers', (e.event ->> 'at')::timestamptz
    from jsonb_array_elements(events) with ordinality as e(event, place)
    where not exists (select from bus.event known where known.id = (e.event ->> 'id')::uuid);
    get diagnostics added = row_count;
    if added > 0 then
      update bus.head set position = last + added;
      perform pg_notify('bus', (last + added)::text);
    end if;
  end $$;
  revoke all on function bus.publish(jsonb) from public;

  -- A reader that was away for longer starts anew from what its owner keeps.
  create index if not exists event_at on bus.event (at);
  create or replace function bus.sweep(batch_size int) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    with gone as (
      delete from bus.event
      where position in (
        select position from bus.event where at < now() - interval '30 days' limit batch_size)
      returning 1)
    select count(*) from gone $$;
  revoke all on function bus.sweep(int) from public;

  create or replace function app.wake_relay() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    perform pg_notify('outbox_' || tg_table_schema, '');
    return null;
  end $$;
`

export const busGrants = (service: string) => `
  grant usage on schema bus to own_${service}, svc_${service};
  grant select, insert, delete on bus.reader to own_${service};
  grant select on bus.event, bus.head, bus.reader to svc_${service};
  grant execute on function bus.publish(jsonb), bus.sweep(int) to svc_${service};
  create or replace trigger wake_relay after insert on ${service}.outbox
    for each statement execute function app.wake_relay();
`
