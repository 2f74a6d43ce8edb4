-- What billing asks for a service: a copy that its events keep. No row, or no amount: free.
create table service_price (
  service_id uuid primary key references service,
  amount_minor bigint check (amount_minor > 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  -- Billing's own: an older price never replaces a newer one.
  version bigint not null,
  check ((amount_minor is null) = (currency is null))
);
alter table service_price enable row level security;
alter table service_price force row level security;
create policy price_open on service_price for select using (true);
create policy price_told on service_price using (app.has('system')) with check (app.has('system'));
revoke delete on service_price from svc_bookings;

-- Pairs of minutes before the start and percent: who cancels at least so long before gets so much back.
alter table service add column refund_steps jsonb not null default '[[1440, 100], [0, 50]]';

-- Price and policy are those of the moment of the hold; what is paid and given back is what billing told.
alter table booking
  add column price_minor bigint check (price_minor > 0),
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add column refund_steps jsonb not null default '[[1440, 100], [0, 50]]',
  add column reschedules int not null default 0 check (reschedules between 0 and 3),
  add column payment_id uuid,
  add column paid_minor bigint not null default 0,
  add column refunded_minor bigint not null default 0,
  add check ((price_minor is null) = (currency is null)),
  add check (refunded_minor between 0 and paid_minor);

create function instant(at timestamptz) returns text language sql immutable
  set search_path = pg_catalog, pg_temp as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- What every event of a booking says.
create function booking_facts(b booking) returns jsonb language sql stable
  set search_path = bookings, app, public, pg_temp as $$
  select jsonb_build_object(
    'reference', b.reference,
    'status', b.status,
    'serviceId', b.service_id,
    'coachId', b.coach_id,
    'clientId', b.client_id,
    'seats', b.seats,
    'startsAt', instant(lower(b.during)),
    'endsAt', instant(upper(b.during)),
    'timeZone', s.time_zone,
    'serviceName', v.name,
    'location', v.location,
    'price', case when b.price_minor is not null
      then jsonb_build_object('amount', b.price_minor, 'currency', b.currency) end,
    'holdExpiresAt', instant(b.hold_expires_at),
    'version', b.version)
  from session s
  join service v on v.id = s.service_id
  where s.id = b.session_id $$;

drop function expire_holds(timestamptz, uuid, uuid);
-- Ends holds that are past their end: of one coach, of one client, or of everybody (both null).
create function expire_holds(at timestamptz, of_coach uuid, of_client uuid)
  returns table (id uuid, facts jsonb)
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
  returning b.id, booking_facts(b) $$;

-- Seats, status and end of hold of one session, from its bookings. The first update takes the session's row, so the
-- second one sees what every earlier holder of that row has committed.
create function session_recount(of_session uuid, seats_change int) returns void language plpgsql
  set search_path = bookings, app, public, pg_temp as $$
begin
  update session set seats_taken = seats_taken + seats_change where id = of_session;
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
    where session_id = of_session
  ) as bookings
  where s.id = of_session;
end $$;

create or replace function session_follows() returns trigger language plpgsql security definer
  set search_path = bookings, app, public, pg_temp as $$
declare
  live constant booking_status[] :=
    '{HELD,PENDING_CONFIRMATION,CONFIRMED,IN_PROGRESS,COMPLETED,NO_SHOW}';
  seats_before int := case when tg_op = 'UPDATE' and old.status = any(live) then old.seats else 0 end;
  seats_after int := case when new.status = any(live) then new.seats else 0 end;
begin
  if tg_op = 'UPDATE' and old.session_id <> new.session_id then
    -- A booking may move to a time that touches its old one: that comes free first, in the same instant for others.
    perform session_recount(old.session_id, -seats_before);
    perform session_recount(new.session_id, seats_after);
  else
    perform session_recount(new.session_id, seats_after - seats_before);
  end if;
  return null;
end $$;
drop trigger session_follows on booking;
create trigger session_follows after insert or update of status, seats, session_id on booking
  for each row execute function session_follows();

-- Billing knows services by their events; those that are here already are told of once.
insert into outbox (topic, entity_id, payload)
select 'bookings.service-changed', id, jsonb_build_object(
  'serviceId', id, 'coachId', coach_id, 'name', name, 'archived', archived_at is not null, 'version', version)
from service;

-- Prices, payments and refunds come from billing.
insert into bus.reader (service, topic)
values
  ('bookings', 'billing.price-changed'),
  ('bookings', 'billing.payment-succeeded'),
  ('bookings', 'billing.payment-failed'),
  ('bookings', 'billing.payment-refunded');
