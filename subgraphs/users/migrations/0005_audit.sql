-- What was done, by whom, for good. Rows come with the events that every room writes with its acts.
insert into bus.reader (service, topic) values
  ('users', 'auth.audited'),
  ('users', 'bookings.audited'),
  ('users', 'billing.audited'),
  ('users', 'users.audited'),
  ('users', 'auth.user-login');

create table audit_event (
  -- Numbered by the chain and not by a sequence: a number that is missing was taken away.
  seq bigint primary key,
  -- Of the event that told of the act: each is kept once, however often it arrives.
  id uuid not null unique,
  at timestamptz not null,
  recorded_at timestamptz not null,
  -- The room that told of it, as the bus knows it.
  source text not null,
  actor_id uuid,
  on_behalf_of uuid,
  action text not null check (length(action) between 3 and 120),
  entity text not null check (length(entity) between 1 and 60),
  entity_id uuid not null,
  request_id text,
  ip inet,
  detail jsonb not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32)
);
create index audit_event_by_actor on audit_event (actor_id, seq desc);
create index audit_event_by_person on audit_event (on_behalf_of, seq desc)
  where on_behalf_of is not null;
create index audit_event_by_entity on audit_event (entity_id, seq desc);
create index audit_event_by_action on audit_event (action text_pattern_ops, seq desc);
create index audit_event_by_time on audit_event (at);

alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy audit_event_seen on audit_event for select
  using (app.has('audit:read') or app.has('system'));
create policy audit_event_added on audit_event for insert with check (app.has('system'));

-- The end of the chain. Its row is locked until commit: links are added one after the other, and a
-- rollback gives its number back.
create table audit_head (
  is_only boolean primary key default true check (is_only),
  seq bigint not null default 0,
  hash bytea not null default decode(repeat('00', 32), 'hex')
);
insert into audit_head default values;

alter table audit_head enable row level security;
alter table audit_head force row level security;
-- Only the trigger below writes here: it runs as the owner.
create policy audit_head_kept on audit_head to own_users using (true);
create policy audit_head_seen on audit_head for select
  using (app.has('audit:read') or app.has('system'));

-- The text that is hashed: JSON of every column but the hash itself, in the order of the table. Whoever verifies
-- writes it anew with PostgreSQL's own functions, and does not trust this one.
create function audit_text(e audit_event) returns text language sql stable
  set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_array(
    e.seq, e.id,
    to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.source, e.actor_id, e.on_behalf_of, e.action, e.entity, e.entity_id, e.request_id, e.ip::text,
    e.detail, encode(e.previous_hash, 'hex'))::text $$;

create function audit_link() returns trigger language plpgsql security definer
  set search_path = users, pg_catalog, pg_temp as $$
declare
  head audit_head;
begin
  select * into strict head from audit_head for update;
  -- Whatever the writer says of these does not count.
  new.seq := head.seq + 1;
  new.recorded_at := clock_timestamp();
  new.previous_hash := head.hash;
  new.hash := sha256(convert_to(audit_text(new), 'UTF8'));
  update audit_head set seq = new.seq, hash = new.hash;
  return new;
end $$;
create trigger audit_link before insert on audit_event
  for each row execute function audit_link();

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_kept before update or delete on audit_event
  for each row execute function audit_refuse();
create trigger audit_whole before truncate on audit_event
  for each statement execute function audit_refuse();
create trigger audit_head_whole before truncate on audit_head
  for each statement execute function audit_refuse();

revoke update, delete, truncate on audit_event from svc_users;
revoke insert, update, delete, truncate on audit_head from svc_users;
revoke all on function audit_link() from public;

-- Sign-ins a day: what is counted of them names nobody.
create table login_day (
  day date not null,
  kind text not null check (kind in ('PASSWORD', 'SECOND_FACTOR', 'SILENT')),
  count bigint not null check (count > 0),
  primary key (day, kind)
);
alter table login_day enable row level security;
alter table login_day force row level security;
create policy login_day_seen on login_day for select using (app.has('users:admin') or app.has('system'));
create policy login_day_counted on login_day using (app.has('system')) with check (app.has('system'));

alter table person add column last_login_at timestamptz;

-- From where a person has signed in, as far as places are known: a new one is worth a word.
create table login_country (
  -- No foreign key: the sign-in may come before the account.
  person_id uuid not null,
  country text not null check (length(country) between 1 and 60),
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (person_id, country)
);
alter table login_country enable row level security;
alter table login_country force row level security;
create policy login_country_system on login_country
  using (app.has('system')) with check (app.has('system'));

-- What people who watch over the system must hear of. Raised in the transaction that handles the event, told afterwards.
create table security_alert (
  id uuid primary key default uuidv7(),
  event_id uuid not null,
  kind text not null check (kind in ('FAILURE_BURST', 'NEW_ADMIN', 'NEW_COUNTRY', 'FOREIGN_AUDIT')),
  summary text not null,
  raised_at timestamptz not null,
  told_at timestamptz,
  attempts int not null default 0,
  due_at timestamptz not null,
  unique (event_id, kind)
);
create index security_alert_due on security_alert (due_at) where told_at is null;
alter table security_alert enable row level security;
alter table security_alert force row level security;
create policy security_alert_system on security_alert
  using (app.has('system')) with check (app.has('system'));
