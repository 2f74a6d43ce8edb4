drop table sign_in_failure;
drop table account;
