drop trigger session_ended on web_session;
drop function tell_session_ended();
drop trigger user_login on web_session;
drop function tell_user_login();
drop trigger web_session_changed on web_session;
drop function tell_web_session_changed();
create or replace function tell_web_session_revoked() returns trigger language plpgsql as $$
begin
  perform pg_notify('web_session_revoked', new.id::text);
  return null;
end $$;
drop index web_session_acting_for;
alter table web_session
  drop constraint web_session_network,
  drop constraint web_session_acting,
  drop constraint web_session_lost,
  drop column authenticated_at,
  drop column acr_at,
  drop column display_name,
  drop column email,
  drop column locale,
  drop column place,
  drop column silent,
  drop column renew_at,
  drop column renewing_until,
  drop column renewal_unsure_at,
  drop column lost_at,
  drop column ended_because,
  drop column acting_for,
  drop column acting_name,
  drop column acting_roles,
  drop column acting_scopes,
  drop column acting_read_only,
  drop column acting_until;
