-- Every sign-in looks for it: a sign-in at the provider that was ended here opens nothing by itself.
create index web_session_by_ended_sid on web_session (provider_sid) where revoked_at is not null;
