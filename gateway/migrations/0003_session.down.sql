drop table logout_token;
alter table login_attempt
  drop column silent,
  drop column acr_values,
  drop column max_age,
  drop column locale;
