-- What keeps coaches busy at an instant: everybody's bookings are counted, nobody's are shown.
create or replace function busy_sessions(coaches uuid[], span tstzrange, at timestamptz)
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
