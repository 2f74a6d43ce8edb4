-- Who may act for whom, with what, until when.
create table delegation (
  id uuid primary key default uuidv7(),
  from_id uuid not null references person,
  to_id uuid not null references person,
  scopes text[] not null check (cardinality(scopes) > 0),
  reason text check (length(reason) between 1 and 500),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  check (from_id <> to_id),
  check (expires_at > created_at),
  check (expires_at <= created_at + interval '366 days')
);
create index delegation_by_giver on delegation (from_id, id desc);
create index delegation_by_delegate on delegation (to_id, id desc);

alter table delegation enable row level security;
alter table delegation force row level security;
create policy delegation_seen on delegation for select
  using (from_id = app.uid() or to_id = app.uid() or app.has('users:admin') or app.has('system'));
create policy delegation_given on delegation for insert
  with check (from_id = app.uid() or app.has('system'));
-- The delegate may give it back.
create policy delegation_ended on delegation for update
  using (from_id = app.uid() or to_id = app.uid() or app.has('system'));

-- Each side knows the other by name, for as long as it lasts.
create policy person_delegation on person for select
  using (exists (
    select from delegation d
    where d.revoked_at is null and d.expires_at > now()
      and ((d.from_id = app.uid() and d.to_id = person.id)
        or (d.to_id = app.uid() and d.from_id = person.id))));
