-- What was run: one row for each registered operation, who ran it, and day. Durations are counts by the bounds of
-- kit/durations.ts, so rows add up over instances and days.
create table operation_use (
  day date not null,
  -- Who ran it: 'web', or the id of a partner's program.
  caller text not null check (length(caller) between 1 and 200),
  -- For whom it is published; every partner's is not the program's own.
  client text not null check (length(client) between 1 and 200),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  calls bigint not null check (calls > 0),
  failed bigint not null check (failed between 0 and calls),
  durations bigint[] not null,
  last_at timestamptz not null,
  primary key (day, caller, client, hash)
);
grant select, insert, update, delete on operation_use to svc_gateway;

alter table operation_use enable row level security;
alter table operation_use force row level security;
-- Its owner reads it for the view.
create policy operation_use_gateway on operation_use to svc_gateway, own_gateway using (true) with check (true);

-- All that auth may see of the gateway's tables: it tells administrators what is used.
create view operation_usage with (security_barrier) as
  select day, caller, client, hash, calls, failed, durations, last_at
  from operation_use;
grant usage on schema gateway to svc_auth;
grant select on operation_usage to svc_auth;
