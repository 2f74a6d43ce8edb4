drop table mail;
delete from bus.reader where service = 'users' and topic like 'bookings.booking-%';
