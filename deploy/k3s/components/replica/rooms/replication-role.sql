-- The role that replicas read the log as; a new password takes effect.
\getenv password REPLICATION_PASSWORD
select 'create role replicator login replication'
where not exists (select from pg_roles where rolname = 'replicator') \gexec
alter role replicator password :'password';
