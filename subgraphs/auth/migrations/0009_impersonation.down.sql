drop table failed_attempt;
drop table act;
drop table delegation;
delete from bus.reader where service = 'auth' and topic like 'users.delegation-%';
