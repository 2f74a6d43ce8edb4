-- Programs of partners. The id is the client id that a program presents and the subject of its tokens.
create table api_client (
  id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 80),
  -- A secret has 256 random bits: a fast hash of it cannot be guessed back. Source: RFC 6749, 10.10.
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null check (
    cardinality(scopes) between 1 and 2 and scopes <@ array['bookings:read', 'bookings:write']
  ),
  rate_limit_per_minute int not null check (rate_limit_per_minute between 1 and 6000),
  created_at timestamptz not null default now(),
  rotated_at timestamptz,
  last_used_at timestamptz,
  disabled_at timestamptz
);
create unique index api_client_name on api_client (lower(name)) where disabled_at is null;

alter table api_client enable row level security;
alter table api_client force row level security;
-- The embedded provider asks as the system: it knows no viewer yet.
create policy api_client_administered on api_client
  using (app.has('clients:admin') or app.has('system'))
  with check (app.has('clients:admin') or app.has('system'));

-- Ending a person's sessions ends their sign-ins at the embedded provider.
create index oidc_payload_by_account on oidc_payload ((payload ->> 'accountId'))
  where model = 'Session';
