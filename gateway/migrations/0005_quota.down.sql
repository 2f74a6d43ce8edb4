drop table idempotent_request;
drop policy rate_bucket_gateway on rate_bucket;
alter table rate_bucket no force row level security;
alter table rate_bucket disable row level security;
revoke delete on rate_bucket from svc_gateway;
