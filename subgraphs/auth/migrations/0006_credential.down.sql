drop table request_rate;
drop table spent_proof;
drop table one_time_token;
drop table account_request;
drop index account_with_bcrypt;
-- Hashes of another kind cannot stay: their owners ask for a new password.
delete from account where password_hash !~ '^\$argon2id\$';
alter table account
  drop column email_verified_at,
  drop column credential_expires_at,
  drop column password_changed_at,
  drop constraint account_password_hash_check,
  add constraint account_password_hash_check check (password_hash ~ '^\$argon2id\$');
