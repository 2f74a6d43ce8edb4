drop table rate_bucket;
