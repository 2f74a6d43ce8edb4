-- Row-level security holds for whoever owns the tables too.
set local app.scopes = 'system';
drop policy api_key_own on api_key;
drop policy api_client_own on api_client;
-- Nobody publishes any more, so what was granted for it goes; a program that could do nothing else ends.
update api_key set revoked_at = coalesce(revoked_at, now()) where scopes = array['operations:publish'];
update api_client set disabled_at = coalesce(disabled_at, now())
  where scopes = array['operations:publish'];
update api_key set scopes = case
  when scopes = array['operations:publish'] then array['bookings:read']
  else array_remove(scopes, 'operations:publish')
end;
update api_client set scopes = case
  when scopes = array['operations:publish'] then array['bookings:read']
  else array_remove(scopes, 'operations:publish')
end;
alter table api_key drop constraint api_key_scopes_check;
alter table api_key add constraint api_key_scopes_check check (
  cardinality(scopes) between 1 and 2 and scopes <@ array['bookings:read', 'bookings:write']
);
alter table api_client drop constraint api_client_scopes_check;
alter table api_client add constraint api_client_scopes_check check (
  cardinality(scopes) between 1 and 2 and scopes <@ array['bookings:read', 'bookings:write']
);
drop view operation_door;
drop view operation_policy_door;
drop function operation_used(jsonb);
drop table operation;
drop table operation_policy;
drop function tell_operation_changed();
