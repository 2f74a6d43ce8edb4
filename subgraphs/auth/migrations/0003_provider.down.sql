drop table oidc_payload;
