-- The id of an account is the id of the person and the subject of every token.
create table account (
  id uuid primary key default uuidv7(),
  email citext not null unique check (length(email) between 3 and 254),
  password_hash text not null check (password_hash ~ '^\$argon2id\$'),
  display_name text not null check (length(display_name) between 1 and 120),
  locale text not null check (locale in ('fr', 'en')),
  roles text[] not null check (
    cardinality(roles) between 1 and 6
    and roles <@ array['CLIENT', 'COACH', 'COMPANY_ADMIN', 'SUPPORT', 'ADMIN', 'PARTNER_APP']
  ),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

alter table account enable row level security;
alter table account force row level security;
create policy account_seen on account
  using (id = app.uid() or app.has('users:admin') or app.has('system'))
  with check (app.has('users:admin') or app.has('system'));

-- Failures are counted by e-mail and not by account, so that an address without an account
-- locks exactly as one with an account. The key is a hash: addresses of strangers are not kept.
create table sign_in_failure (
  email_hash bytea primary key,
  failed int not null check (failed > 0),
  failed_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_failure_by_age on sign_in_failure (failed_at);
