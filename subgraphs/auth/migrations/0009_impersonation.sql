-- Acting for somebody else: by the right of a role, or because they named a delegate.
insert into bus.reader (service, topic) values
  ('auth', 'users.delegation-granted'),
  ('auth', 'users.delegation-revoked');

-- What users tells of delegations: enough to begin and to end acting by one.
create table delegation (
  id uuid primary key,
  from_id uuid not null,
  to_id uuid not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
alter table delegation enable row level security;
alter table delegation force row level security;
create policy delegation_system on delegation
  using (app.has('system')) with check (app.has('system'));

-- One row each time that somebody acts for somebody else, in one session, until they stop.
create table act (
  id uuid primary key default uuidv7(),
  session_id uuid not null,
  actor_id uuid not null,
  person_id uuid not null check (person_id <> actor_id),
  -- Null for an impersonation.
  delegation_id uuid references delegation,
  reason text,
  started_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > started_at),
  ended_at timestamptz,
  check ((delegation_id is null) = (reason is not null)),
  check (delegation_id is not null or ends_at <= started_at + interval '15 minutes')
);
create unique index act_open on act (session_id) where ended_at is null;
create index act_by_delegation on act (delegation_id) where ended_at is null;
alter table act enable row level security;
alter table act force row level security;
create policy act_system on act using (app.has('system')) with check (app.has('system'));

-- Failures to get in, added up: a flood of them is as many rows in the audit as it has minutes.
create table failed_attempt (
  minute timestamptz not null,
  -- The account that was aimed at; zeros for an address that has none.
  account_id uuid not null,
  failed int not null check (failed > 0),
  primary key (minute, account_id)
);
alter table failed_attempt enable row level security;
alter table failed_attempt force row level security;
create policy failed_attempt_system on failed_attempt
  using (app.has('system')) with check (app.has('system'));
