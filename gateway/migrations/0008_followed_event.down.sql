-- Events after which an answer that is kept is no longer true.
delete from bus.reader where service = 'gateway';
