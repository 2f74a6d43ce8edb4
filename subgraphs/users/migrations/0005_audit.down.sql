drop table security_alert;
drop table login_country;
alter table person drop column last_login_at;
drop table login_day;
drop function audit_text(audit_event);
drop table audit_event;
drop table audit_head;
drop function audit_link();
drop function audit_refuse();
delete from bus.reader
where service = 'users' and (topic like '%.audited' or topic = 'auth.user-login');
