-- Letters about accounts: what booking mails tell of a booking, these do not have.
insert into bus.reader (service, topic) values ('users', 'auth.letter-requested');

alter table mail
  alter column other_id drop not null,
  alter column audience drop not null,
  alter column booking_id drop not null,
  alter column booking_version drop not null,
  alter column facts drop not null,
  -- Opens with the keys of two rooms only, and goes when the letter is settled.
  add column sealed_token bytea,
  add column link_ends_at timestamptz,
  drop constraint mail_kind_check,
  add constraint mail_kind_check check (kind in (
    'CONFIRMED', 'MOVED', 'CANCELLED',
    'VERIFY_EMAIL', 'RESET_PASSWORD', 'ACCOUNT_EXISTS', 'PASSWORD_CHANGED',
    'TOTP_ENABLED', 'TOTP_DISABLED', 'PASSKEY_ADDED', 'PASSKEY_REMOVED',
    'RECOVERY_CODES_REPLACED', 'RECOVERY_CODE_USED')),
  add constraint mail_of_booking_whole check (
    (kind in ('CONFIRMED', 'MOVED', 'CANCELLED')) = (booking_id is not null)
    and (booking_id is null) = (other_id is null)
    and (booking_id is null) = (audience is null)
    and (booking_id is null) = (booking_version is null)
    and (booking_id is null) = (facts is null)),
  add constraint mail_link_whole check (
    (link_ends_at is not null) = (kind in ('VERIFY_EMAIL', 'RESET_PASSWORD'))),
  add constraint mail_token_waits check (
    sealed_token is null or (state = 'WAITING' and link_ends_at is not null));
