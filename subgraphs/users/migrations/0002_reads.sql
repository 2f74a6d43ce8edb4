-- People arrive with their accounts.
insert into bus.reader (service, topic) values ('users', 'auth.account-provisioned');
