-- Accounts that were brought along have bcrypt hashes; each becomes argon2id at the next sign-in.
alter table account
  drop constraint account_password_hash_check,
  add constraint account_password_hash_check check (password_hash ~ '^\$(argon2id|2[aby])\$'),
  add column password_changed_at timestamptz not null default now(),
  -- An end that was set for this one password; it holds whatever the policy says, and goes with the password.
  add column credential_expires_at timestamptz,
  -- Null until whoever registered has shown that the address is theirs.
  add column email_verified_at timestamptz default now();
-- While it is empty nobody has to do the work of both kinds.
create index account_with_bcrypt on account (password_hash) where password_hash like '$2%';
update account set email_verified_at = created_at, password_changed_at = created_at;

-- What somebody who is nobody yet asked for, until it is done a moment later: asking does the same
-- work whether or not the address has an account.
create table account_request (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('REGISTER', 'RESET_PASSWORD', 'VERIFY_EMAIL')),
  email citext not null check (length(email) between 3 and 254),
  password_hash text check (password_hash ~ '^\$argon2id\$'),
  display_name text,
  locale text,
  asked_at timestamptz not null,
  -- While somebody has it in hand: when another may take it.
  due_at timestamptz not null,
  check ((kind = 'REGISTER') = (password_hash is not null)),
  check ((kind = 'REGISTER') = (display_name is not null)),
  check ((kind = 'REGISTER') = (locale is not null))
);
create index account_request_due on account_request (due_at, id);

-- Links in letters. A token has 256 random bits, so a fast hash of it cannot be guessed back; the row
-- goes when the token is used.
create table one_time_token (
  hash bytea primary key check (length(hash) = 32),
  person_id uuid not null,
  purpose text not null check (purpose in ('VERIFY_EMAIL', 'RESET_PASSWORD')),
  expires_at timestamptz not null
);
create index one_time_token_by_person on one_time_token (person_id, purpose);
create index one_time_token_by_expiry on one_time_token (expires_at);

-- Work that a robot did counts once.
create table spent_proof (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null
);
create index spent_proof_by_expiry on spent_proof (expires_at);

-- How often something was asked for one address, which need not have an account. Keys are hashes.
create table request_rate (
  key bytea primary key check (length(key) = 32),
  asked int not null check (asked > 0),
  ends_at timestamptz not null
);
create index request_rate_by_end on request_rate (ends_at);

alter table account_request enable row level security;
alter table account_request force row level security;
create policy account_request_system on account_request
  using (app.has('system')) with check (app.has('system'));
alter table one_time_token enable row level security;
alter table one_time_token force row level security;
create policy one_time_token_system on one_time_token
  using (app.has('system')) with check (app.has('system'));
alter table spent_proof enable row level security;
alter table spent_proof force row level security;
create policy spent_proof_system on spent_proof
  using (app.has('system')) with check (app.has('system'));
alter table request_rate enable row level security;
alter table request_rate force row level security;
create policy request_rate_system on request_rate
  using (app.has('system')) with check (app.has('system'));
