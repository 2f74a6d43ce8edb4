drop index session_at;
