delete from bus.reader where service = 'users' and topic = 'auth.account-provisioned';
