-- What our own prober saw: one row for each target and moment, however many processes looked.
create table health_sample (
  target text not null check (target ~ '^[a-z][a-z0-9-]{0,39}$'),
  at timestamptz not null,
  ok boolean not null,
  -- Null where nothing answered.
  latency_ms real check (latency_ms >= 0),
  -- Null where the target shows no certificate.
  certificate_ends_at timestamptz,
  primary key (target, at)
);
create index health_sample_at on health_sample (at);

alter table health_sample enable row level security;
alter table health_sample force row level security;
-- The state of the platform is no secret; only the prober writes it.
create policy health_sample_seen on health_sample for select using (true);
create policy health_sample_written on health_sample for insert with check (app.has('system'));
create policy health_sample_swept on health_sample for delete using (app.has('system'));
