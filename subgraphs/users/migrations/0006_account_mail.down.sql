delete from bus.reader where service = 'users' and topic = 'auth.letter-requested';
delete from mail where booking_id is null;
alter table mail
  drop constraint mail_token_waits,
  drop constraint mail_link_whole,
  drop constraint mail_of_booking_whole,
  drop constraint mail_kind_check,
  add constraint mail_kind_check check (kind in ('CONFIRMED', 'MOVED', 'CANCELLED')),
  drop column link_ends_at,
  drop column sealed_token,
  alter column facts set not null,
  alter column booking_version set not null,
  alter column booking_id set not null,
  alter column audience set not null,
  alter column other_id set not null;
