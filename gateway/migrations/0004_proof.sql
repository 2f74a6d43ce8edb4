-- Proofs of possession that were used, by the SHA-256 of the key's thumbprint and the proof's id: each is good once, on
-- whichever instance. A row is swept when its proof is too old to be accepted. After a crash of the server the table is
-- empty, and what was used within the last minute could be used once more: rejected was a write to the log for each request.
create unlogged table proof (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null
);
create index proof_by_expiry on proof (expires_at);
grant select, insert, delete on proof to svc_gateway;

-- Proofs are for one request of one program; nobody reads them as anybody but the gateway.
alter table proof enable row level security;
alter table proof force row level security;
create policy proof_gateway on proof to svc_gateway using (true) with check (true);
