-- What the embedded OpenID provider remembers: sessions, grants, codes and refresh tokens.
-- `payload` is opaque to Plexus; the columns beside it are the ways in which it is looked up.
create table oidc_payload (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  expires_at timestamptz,
  consumed_at timestamptz,
  primary key (model, id)
);
create index oidc_payload_by_grant on oidc_payload (grant_id) where grant_id is not null;
create index oidc_payload_by_uid on oidc_payload (uid) where uid is not null;
create index oidc_payload_by_expiry on oidc_payload (expires_at) where expires_at is not null;
