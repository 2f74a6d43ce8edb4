drop table proof;
