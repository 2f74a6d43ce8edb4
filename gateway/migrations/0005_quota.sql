-- Cost points and idempotent answers.

-- Buckets hold points, of programs, people and networks. One that is full again is swept away.
grant delete on rate_bucket to svc_gateway;
alter table rate_bucket enable row level security;
alter table rate_bucket force row level security;
create policy rate_bucket_gateway on rate_bucket to svc_gateway using (true) with check (true);

-- Mutations that came with a key of their client's: who asked, and with which key, is kept as a hash. `status` is null
-- while the first of them runs, and longer than its lease when its instance is gone.
create table idempotent_request (
  hash bytea primary key check (length(hash) = 32),
  -- Of the document and the variables.
  fingerprint bytea not null check (length(fingerprint) = 32),
  -- Which try holds the key.
  attempt uuid not null,
  -- Every field that it runs has a key of its own beside: to run it again does nothing twice.
  is_repeatable boolean not null,
  leased_until timestamptz not null,
  status int check (status between 200 and 599),
  content_type text,
  -- Sealed with the keys of sessions; null for an answer that is too long to be kept.
  body bytea,
  expires_at timestamptz not null,
  check ((status is null) = (content_type is null))
);
create index idempotent_request_by_expiry on idempotent_request (expires_at);
grant select, insert, update, delete on idempotent_request to svc_gateway;
alter table idempotent_request enable row level security;
alter table idempotent_request force row level security;
create policy idempotent_request_gateway on idempotent_request to svc_gateway
  using (true) with check (true);
