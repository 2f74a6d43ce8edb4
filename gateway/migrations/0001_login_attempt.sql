-- A sign-in between its two halves. What the browser holds (cookie and state) is kept here as SHA-256 only.
-- A used row stays until it expires, so that a replay is told from an attempt that was never made.
create table login_attempt (
  state_hash bytea primary key check (length(state_hash) = 32),
  browser_hash bytea not null check (length(browser_hash) = 32),
  code_verifier bytea not null,
  nonce text not null,
  return_to text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index login_attempt_by_expiry on login_attempt (expires_at);
grant select, insert, update, delete on login_attempt to svc_gateway;
