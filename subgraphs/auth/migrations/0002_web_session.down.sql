revoke usage on schema auth from svc_gateway;
drop table web_session;
drop function tell_web_session_revoked();
