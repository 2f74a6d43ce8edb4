drop table passkey_challenge;
drop table passkey;
drop table recovery_code;
drop table totp;
drop table factor_failure;
