drop policy person_delegation on person;
drop table delegation;
