drop view api_key_door;
drop function api_key_used(uuid, timestamptz);
drop table api_key;
drop function tell_api_key_changed();
