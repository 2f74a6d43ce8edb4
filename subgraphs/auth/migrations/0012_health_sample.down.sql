drop table health_sample;
