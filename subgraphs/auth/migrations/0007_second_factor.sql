-- Second factors. Failures are counted by person over every way in which a code can be tried.
create table factor_failure (
  person_id uuid primary key references account on delete cascade,
  failed int not null check (failed > 0),
  failed_at timestamptz not null,
  locked_until timestamptz
);
create index factor_failure_by_age on factor_failure (failed_at);

-- `secret` is sealed with AES-256-GCM by a key that the database does not have, for this person alone.
create table totp (
  person_id uuid primary key references account on delete cascade,
  secret bytea not null check (length(secret) > 48),
  confirmed_at timestamptz,
  pending_until timestamptz,
  -- A code of this step or an older one was used. Source: RFC 6238, 5.2.
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  check ((confirmed_at is null) = (pending_until is not null))
);

-- A code has 80 random bits: a fast hash of it cannot be guessed back.
create table recovery_code (
  person_id uuid not null references account on delete cascade,
  hash bytea not null check (length(hash) = 32),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (person_id, hash)
);

create table passkey (
  id uuid primary key default uuidv7(),
  person_id uuid not null references account on delete cascade,
  credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
  public_key bytea not null,
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  label text not null check (length(label) between 1 and 80),
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkey_by_person on passkey (person_id, created_at, id);

-- What an authenticator has to sign next, for one session or one visit of the sign-in page.
create table passkey_challenge (
  purpose text not null check (purpose in ('register', 'verify', 'sign-in')),
  bound_to text not null check (length(bound_to) between 1 and 64),
  person_id uuid references account on delete cascade,
  challenge text not null,
  expires_at timestamptz not null,
  primary key (purpose, bound_to)
);
create index passkey_challenge_by_expiry on passkey_challenge (expires_at);

do $$
declare
  kept text;
begin
  foreach kept in array array['factor_failure', 'totp', 'recovery_code', 'passkey', 'passkey_challenge']
  loop
    execute format('alter table %I enable row level security', kept);
    execute format('alter table %I force row level security', kept);
    -- The embedded provider asks as the system: nobody is signed in yet.
    execute format(
      'create policy %I on %I using (person_id = app.uid() or app.has(''system''))',
      kept || '_own', kept
    );
  end loop;
end $$;
