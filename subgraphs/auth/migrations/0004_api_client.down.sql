drop index oidc_payload_by_account;
drop table api_client;
