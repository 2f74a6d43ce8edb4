drop table api_client;
