-- What a mail tells comes with the booking's event.
insert into bus.reader (service, topic) values
  ('users', 'bookings.booking-confirmed'),
  ('users', 'bookings.booking-moved'),
  ('users', 'bookings.booking-cancelled');

-- One row is one mail to one person. Names and addresses are not in it: they are read when it is sent.
create table mail (
  id uuid primary key default uuidv7(),
  event_id uuid not null,
  -- No foreign key: a booking's event may come before the account's.
  recipient_id uuid not null,
  other_id uuid not null,
  audience text not null check (audience in ('CLIENT', 'COACH')),
  kind text not null check (kind in ('CONFIRMED', 'MOVED', 'CANCELLED')),
  booking_id uuid not null,
  -- Of the booking, after the change that the mail tells.
  booking_version int not null,
  facts jsonb not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'SENT', 'GIVEN_UP')),
  attempts int not null default 0,
  -- While a worker has the mail in hand: when another may take it.
  due_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (event_id, recipient_id),
  check ((state = 'WAITING') = (settled_at is null))
);
create index mail_due on mail (due_at, id) where state = 'WAITING';
create index mail_in_order on mail (booking_id, recipient_id, booking_version) where state = 'WAITING';
create index mail_settled on mail (settled_at) where settled_at is not null;

alter table mail enable row level security;
alter table mail force row level security;
create policy mail_system on mail using (app.has('system')) with check (app.has('system'));
