-- Operations that administrators keep in the explorer. Who explores reads their own and what is shared, and
-- changes their own alone. The version grows with each change, so that nobody overwrites what they have not seen.
create table saved_operation (
  id uuid primary key default uuidv7(),
  owner_id uuid not null,
  title text not null check (length(title) between 1 and 120),
  document text not null check (length(document) between 1 and 100000),
  variables text not null default '' check (length(variables) <= 100000),
  shared boolean not null default false,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index saved_operation_by_owner on saved_operation (owner_id);
create index saved_operation_by_shared on saved_operation (updated_at) where shared;

alter table saved_operation enable row level security;
alter table saved_operation force row level security;
create policy saved_operation_read on saved_operation for select to svc_gateway
  using (app.has('operations:explore') and (owner_id = app.uid() or shared));
create policy saved_operation_insert on saved_operation for insert to svc_gateway
  with check (app.has('operations:explore') and owner_id = app.uid());
create policy saved_operation_update on saved_operation for update to svc_gateway
  using (app.has('operations:explore') and owner_id = app.uid())
  with check (owner_id = app.uid());
create policy saved_operation_delete on saved_operation for delete to svc_gateway
  using (app.has('operations:explore') and owner_id = app.uid());
grant select, insert, update, delete on saved_operation to svc_gateway;
