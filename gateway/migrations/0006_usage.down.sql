revoke usage on schema gateway from svc_auth;
drop view operation_usage;
drop table operation_use;
