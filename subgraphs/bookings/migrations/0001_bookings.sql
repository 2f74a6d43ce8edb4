-- One row for each coach who offers anything. `version` 0: the coach has not set any hours yet.
create table coach_calendar (
  coach_id uuid primary key,
  time_zone text not null default 'Europe/Paris',
  version int not null default 0
);

create table service (
  id uuid primary key default uuidv7(),
  coach_id uuid not null references coach_calendar,
  name jsonb not null check (name ? 'fr' and name ? 'en'),
  description jsonb not null default '{}',
  minutes int not null check (minutes between 5 and 720),
  step_minutes int not null check (step_minutes between 5 and 720),
  capacity int not null check (capacity between 1 and 500),
  location text not null check (location in ('ONLINE', 'ON_SITE', 'AT_CLIENT')),
  buffer_before_minutes int not null check (buffer_before_minutes between 0 and 240),
  buffer_after_minutes int not null check (buffer_after_minutes between 0 and 240),
  notice_minutes int not null check (notice_minutes between 0 and 43200),
  horizon_days int not null check (horizon_days between 1 and 365),
  cancel_notice_minutes int not null check (cancel_notice_minutes between 0 and 43200),
  -- Rises with every change; a slot token names it, so that nothing is held under terms that were not shown.
  version int not null default 1,
  created_at timestamptz not null,
  archived_at timestamptz,
  unique (id, coach_id)
);
create index service_by_coach on service (coach_id, id);

-- Rules are in wall time, never in UTC: 09:00 stays 09:00 over a clock change.
create table availability_rule (
  id uuid primary key default uuidv7(),
  coach_id uuid not null references coach_calendar on delete cascade,
  rrule text not null check (rrule ~ '^FREQ='),
  start_local time not null,
  minutes int not null check (minutes between 5 and 1440),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from)
);
create index availability_rule_by_coach on availability_rule (coach_id, id);

-- What holds on one day instead of the rules: nothing (closed), or these ranges of wall time.
create table availability_exception (
  id uuid primary key default uuidv7(),
  coach_id uuid not null references coach_calendar on delete cascade,
  day date not null,
  closed boolean not null,
  ranges jsonb not null default '[]',
  unique (coach_id, day),
  check (closed = (ranges = '[]'))
);

create type booking_status as enum (
  'HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS', 'COMPLETED',
  'CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH', 'DECLINED', 'EXPIRED', 'NO_SHOW'
);
create type session_status as enum (
  'HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'EXPIRED'
);

-- One meeting of a coach with one client or a group. `busy` is `during` with the buffers of that moment.
create table session (
  id uuid primary key default uuidv7(),
  coach_id uuid not null,
  service_id uuid not null,
  during tstzrange not null,
  busy tstzrange not null,
  time_zone text not null,
  capacity int not null check (capacity between 1 and 500),
  seats_taken int not null default 0,
  status session_status not null,
  hold_expires_at timestamptz,
  foreign key (service_id, coach_id) references service (id, coach_id),
  unique (id, coach_id, service_id, during),
  check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
  check (not lower_inf(busy) and not upper_inf(busy)),
  check (busy @> during),
  check ((status = 'HELD') = (hold_expires_at is not null)),
  constraint seats_in_capacity check (seats_taken between 0 and capacity),
  constraint coach_not_twice exclude using gist (coach_id with =, busy with &&)
    where (status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS'))
);

-- One client's seats in a session. Coach, service and time are the session's own (composite foreign key):
-- they are here so that row-level security, the client's constraint and the lists need no join.
create table booking (
  id uuid primary key default uuidv7(),
  reference text not null constraint booking_reference unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  session_id uuid not null,
  coach_id uuid not null,
  service_id uuid not null,
  during tstzrange not null,
  client_id uuid not null,
  seats int not null check (seats between 1 and 20),
  status booking_status not null,
  hold_expires_at timestamptz,
  -- As it was shown when the slot was held: a later change of the service does not bind this client.
  cancel_notice_minutes int not null,
  cancel_reason text check (length(cancel_reason) <= 500),
  version int not null default 1,
  created_at timestamptz not null,
  foreign key (session_id, coach_id, service_id, during)
    references session (id, coach_id, service_id, during),
  check (status <> 'HELD' or hold_expires_at is not null),
  constraint client_not_twice exclude using gist (client_id with =, during with &&)
    where (status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS'))
);
create index booking_by_session on booking (session_id);
create index booking_by_client on booking (client_id, lower(during) desc, id desc);
create index booking_by_coach on booking (coach_id, lower(during) desc, id desc);
create index booking_by_start on booking (lower(during) desc, id desc);
create index booking_held on booking (hold_expires_at) where status = 'HELD';

-- The session follows its bookings: seats, status and end of hold. The first update takes the session's row,
-- so the second one sees what every earlier holder of that row has committed.
create function session_follows() returns trigger language plpgsql security definer
  set search_path = bookings, app, public, pg_temp as $$
declare
  live constant booking_status[] :=
    '{HELD,PENDING_CONFIRMATION,CONFIRMED,IN_PROGRESS,COMPLETED,NO_SHOW}';
  seats_before int := case when tg_op = 'UPDATE' and old.status = any(live) then old.seats else 0 end;
  seats_after int := case when new.status = any(live) then new.seats else 0 end;
begin
  update session set seats_taken = seats_taken + seats_after - seats_before where id = new.session_id;
  update session s
  set hold_expires_at = case when not kept and held then held_until end,
    status = case
      when kept then 'CONFIRMED'
      when held then 'HELD'
      when cancelled then 'CANCELLED'
      else 'EXPIRED'
    end::session_status
  from (
    select
      bool_or(status in ('PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS', 'COMPLETED', 'NO_SHOW')) as kept,
      bool_or(status = 'HELD') as held,
      bool_or(status in ('CANCELLED_BY_CLIENT', 'CANCELLED_BY_COACH', 'DECLINED')) as cancelled,
      max(hold_expires_at) filter (where status = 'HELD') as held_until
    from booking
    where session_id = new.session_id
  ) as bookings
  where s.id = new.session_id;
  return null;
end $$;
create trigger session_follows after insert or update of status, seats on booking
  for each row execute function session_follows();

-- What keeps coaches busy at an instant: everybody's bookings are counted, nobody's are shown.
create function busy_sessions(coaches uuid[], span tstzrange, at timestamptz)
  returns table (
    coach_id uuid, service_id uuid, starts_at timestamptz, ends_at timestamptz,
    busy_from timestamptz, busy_until timestamptz, capacity int, seats_taken int
  )
  language sql stable security definer set search_path = bookings, app, public, pg_temp as $$
  select s.coach_id, s.service_id, lower(s.during), upper(s.during), lower(s.busy), upper(s.busy),
    s.capacity, taken.seats
  from session s
  cross join lateral (
    select coalesce(sum(b.seats), 0)::int as seats
    from booking b
    where b.session_id = s.id
      and (b.status in ('PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS')
        or (b.status = 'HELD' and b.hold_expires_at > at))
  ) as taken
  where s.coach_id = any(coaches)
    and s.busy && span
    and s.status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS')
    and taken.seats > 0
  order by s.coach_id, lower(s.busy) $$;

-- Ends holds that are past their end: of one coach, of one client, or of everybody (both null).
create function expire_holds(at timestamptz, of_coach uuid, of_client uuid)
  returns table (
    id uuid, service_id uuid, coach_id uuid, client_id uuid, starts_at timestamptz, version int
  )
  language sql volatile security definer set search_path = bookings, app, public, pg_temp as $$
  with due as (
    select b.id
    from booking b
    where b.status = 'HELD'
      and b.hold_expires_at <= at
      and ((of_coach is null and of_client is null) or b.coach_id = of_coach or b.client_id = of_client)
    order by b.id
    limit 500
    for update
  )
  update booking b
  set status = 'EXPIRED', version = b.version + 1
  from due
  where b.id = due.id
  returning b.id, b.service_id, b.coach_id, b.client_id, lower(b.during), b.version $$;

-- Attendees never see each other: a booking is its client's, its coach's and support's.
alter table booking enable row level security;
alter table booking force row level security;
create policy booking_seen on booking for select to svc_bookings
  using (client_id = app.uid() or coach_id = app.uid() or app.has('bookings:admin') or app.has('system'));
create policy booking_made on booking for insert to svc_bookings
  with check (client_id = app.uid() or app.has('system'));
create policy booking_changed on booking for update to svc_bookings
  using (client_id = app.uid() or coach_id = app.uid() or app.has('system'));
-- Only the functions above run as the owner, and they tell nobody whose a booking is.
create policy booking_counted on booking to own_bookings using (true) with check (true);

-- Hours and services are public to read and their coach's to write.
alter table coach_calendar enable row level security;
alter table coach_calendar force row level security;
create policy calendar_open on coach_calendar for select using (true);
create policy calendar_own on coach_calendar
  using (coach_id = app.uid() or app.has('system')) with check (coach_id = app.uid() or app.has('system'));
alter table service enable row level security;
alter table service force row level security;
create policy service_open on service for select using (true);
create policy service_own on service
  using (coach_id = app.uid() or app.has('system')) with check (coach_id = app.uid() or app.has('system'));
alter table availability_rule enable row level security;
alter table availability_rule force row level security;
create policy rule_open on availability_rule for select using (true);
create policy rule_own on availability_rule
  using (coach_id = app.uid() or app.has('system')) with check (coach_id = app.uid() or app.has('system'));
alter table availability_exception enable row level security;
alter table availability_exception force row level security;
create policy exception_open on availability_exception for select using (true);
create policy exception_own on availability_exception
  using (coach_id = app.uid() or app.has('system')) with check (coach_id = app.uid() or app.has('system'));

-- Bookings end by status; nothing here is ever deleted by the service.
revoke delete on booking, session, service, coach_calendar from svc_bookings;
