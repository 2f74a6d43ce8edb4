drop trigger api_client_changed on api_client;
drop view client_door;
drop table client_plan;
drop table plan;
drop function tell_client_changed();
