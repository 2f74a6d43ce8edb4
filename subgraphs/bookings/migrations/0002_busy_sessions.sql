-- The session's own count of seats is exact but for holds that are over and not yet ended. Those are few, so they are
-- taken off; counting every booking of every session cost most of the time of a question for slots.
create or replace function busy_sessions(coaches uuid[], span tstzrange, at timestamptz)
  returns table (
    coach_id uuid, service_id uuid, starts_at timestamptz, ends_at timestamptz,
    busy_from timestamptz, busy_until timestamptz, capacity int, seats_taken int
  )
  language sql stable security definer set search_path = bookings, app, public, pg_temp as $$
  select s.coach_id, s.service_id, lower(s.during), upper(s.during), lower(s.busy), upper(s.busy),
    s.capacity, s.seats_taken - coalesce(overdue.seats, 0)
  from session s
  left join (
    select b.session_id, sum(b.seats)::int as seats
    from booking b
    where b.status = 'HELD' and b.hold_expires_at <= at
    group by b.session_id
  ) as overdue on overdue.session_id = s.id
  where s.coach_id = any(coaches)
    and s.busy && span
    and s.status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED', 'IN_PROGRESS')
    and s.seats_taken > coalesce(overdue.seats, 0)
  order by s.coach_id, lower(s.busy) $$;
