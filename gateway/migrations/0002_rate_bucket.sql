-- One row for each partner's program. The bucket is kept as the instant at which it is full again: nothing has to
-- refill it. After a crash of the server the table is empty, and every bucket full.
create unlogged table rate_bucket (
  key text primary key,
  full_at timestamptz not null
) with (fillfactor = 50);
grant select, insert, update on rate_bucket to svc_gateway;
