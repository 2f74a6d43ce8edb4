drop policy person_client on person;
drop table client_of;
delete from bus.reader where service = 'users' and topic = 'bookings.booking-held';
