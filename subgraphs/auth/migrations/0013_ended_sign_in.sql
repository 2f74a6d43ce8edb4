-- Every sign-in looks for it: a sign-in at the provider that was ended here opens nothing by itself.
create index web_session_by_sign_in on web_session (provider_sid) where provider_sid is not null;
