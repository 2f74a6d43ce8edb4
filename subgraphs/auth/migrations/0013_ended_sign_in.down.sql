drop index web_session_by_sign_in;
