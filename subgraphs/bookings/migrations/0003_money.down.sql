delete from bus.reader where service = 'bookings' and topic like 'billing.%';
drop trigger session_follows on booking;
create or replace function session_follows() returns trigger language plpgsql security definer
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
drop function session_recount(uuid, int);
drop function expire_holds(timestamptz, uuid, uuid);
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
drop function booking_facts(booking);
drop function instant(timestamptz);
alter table booking
  drop column price_minor,
  drop column currency,
  drop column refund_steps,
  drop column reschedules,
  drop column payment_id,
  drop column paid_minor,
  drop column refunded_minor;
alter table service drop column refund_steps;
drop table service_price;
