-- A hold asks for the live session of a service at exactly one time; without this it reads every session there is.
create index session_at on session (service_id, during)
  where status in ('HELD', 'PENDING_CONFIRMATION', 'CONFIRMED');
