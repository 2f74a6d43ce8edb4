-- What gateways share about sessions.
alter table login_attempt
  -- What was asked of the provider beside the sign-in itself: the answer is checked against it.
  add column silent boolean not null default false,
  add column acr_values text,
  add column max_age int,
  add column locale text;

-- Logout tokens that were taken: each ends sessions once.
create table logout_token (
  jti_hash bytea primary key check (length(jti_hash) = 32),
  expires_at timestamptz not null
);
create index logout_token_by_expiry on logout_token (expires_at);
alter table logout_token enable row level security;
alter table logout_token force row level security;
create policy logout_token_gateway on logout_token to svc_gateway using (true) with check (true);
grant select, insert, delete on logout_token to svc_gateway;
