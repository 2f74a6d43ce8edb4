drop policy person_coach on person;
drop function coach_search_text(coach);
drop table coach;
drop table person;
drop function person_renamed();
drop function coach_search_keep();
