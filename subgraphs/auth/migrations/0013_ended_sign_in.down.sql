drop index web_session_by_ended_sid;
