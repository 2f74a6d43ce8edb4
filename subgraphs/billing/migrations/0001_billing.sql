-- What bookings tells of its services: whose they are, so that only that coach sets their price.
create table service (
  id uuid primary key,
  coach_id uuid not null
);

-- A price never changes: a new one follows it, and the one with the highest version holds. 0 is free.
create table price (
  service_id uuid references service,
  version int check (version > 0),
  amount bigint not null check (amount between 0 and 99999999),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  set_by uuid not null,
  created_at timestamptz not null,
  primary key (service_id, version)
);
create function never_changes() returns trigger language plpgsql set search_path = billing, app, pg_temp as $$
begin
  raise exception 'Rows of % are never changed.', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger never_changes before update or delete or truncate on price
  for each statement execute function never_changes();

create type reservation_state as enum ('HELD', 'CONFIRMED', 'EXPIRED', 'CANCELLED');

-- What bookings tells of a booking: what it costs, who pays, and until when it is held. No amount: it is free.
create table reservation (
  booking_id uuid primary key,
  service_id uuid not null,
  coach_id uuid not null,
  client_id uuid not null,
  service_name jsonb not null,
  amount bigint check (amount > 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  hold_expires_at timestamptz not null,
  state reservation_state not null,
  -- The booking's own: what it told earlier and arrives later changes nothing.
  version int not null,
  check ((amount is null) = (currency is null)),
  unique (booking_id, client_id, coach_id, amount, currency)
);

create type payment_status as enum (
  'REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'PARTIALLY_REFUNDED', 'REFUNDED'
);

-- Its row is there before the provider hears of it: whoever finds it after a crash repeats the call with its id.
create table payment (
  id uuid primary key default uuidv7(),
  booking_id uuid not null,
  client_id uuid not null,
  coach_id uuid not null,
  amount bigint not null,
  currency text not null,
  status payment_status not null default 'REQUIRES_ACTION',
  failure_code text,
  -- `refunded` has been given back, `refund_pending` is on its way; both follow the rows of `refund`.
  refunded bigint not null default 0,
  refund_pending bigint not null default 0,
  -- Paid although it was not the live payment of its booking any more: it goes back in full.
  is_surplus boolean not null default false,
  -- All that the provider is told, so that a repeated call says the same.
  description text not null,
  locale text not null check (locale in ('fr', 'en')),
  hold_expires_at timestamptz not null,
  checkout_id text unique,
  checkout_url text,
  checkout_expires_at timestamptz,
  intent_id text unique,
  -- When to ask the provider how it stands, should it not tell us before; null when that is settled.
  next_check_at timestamptz,
  checks int not null default 0,
  created_at timestamptz not null,
  -- The amount is the one that was held, and the payer is the booking's client.
  foreign key (booking_id, client_id, coach_id, amount, currency)
    references reservation (booking_id, client_id, coach_id, amount, currency),
  constraint refunds_in_amount
    check (refunded >= 0 and refund_pending >= 0 and refunded + refund_pending <= amount),
  constraint refund_of_paid
    check (refunded + refund_pending = 0 or status in ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')),
  check ((status = 'REFUNDED') = (refunded = amount)),
  check (status <> 'PARTIALLY_REFUNDED' or refunded > 0),
  check ((checkout_url is null) = (checkout_expires_at is null)),
  check (next_check_at is null or status in ('REQUIRES_ACTION', 'PROCESSING'))
);
create unique index one_live_payment on payment (booking_id)
  where status in ('REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'PARTIALLY_REFUNDED') and not is_surplus;
create index payment_by_booking on payment (booking_id, id desc);
create index payment_by_age on payment (created_at desc, id desc);
create index payment_to_check on payment (next_check_at) where next_check_at is not null;

create type refund_status as enum ('PENDING', 'SUCCEEDED', 'FAILED');

create table refund (
  id uuid primary key default uuidv7(),
  payment_id uuid not null references payment,
  amount bigint not null constraint refund_is_something check (amount > 0),
  cause text not null check (cause in ('CANCELLED', 'UNSEATED', 'REQUESTED', 'SURPLUS')),
  reason text check (length(reason) <= 500),
  requested_by uuid,
  status refund_status not null default 'PENDING',
  failure_code text,
  stripe_refund_id text unique,
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  created_at timestamptz not null
);
create index refund_by_payment on refund (payment_id);
create index refund_to_send on refund (next_attempt_at) where status = 'PENDING';

-- The payment follows its refunds. The update takes the payment's row, so of two refunds at once the second one
-- meets what the first has left, and `refunds_in_amount` settles it.
create function payment_follows() returns trigger language plpgsql security definer
  set search_path = billing, app, public, pg_temp as $$
declare
  pending_before bigint := case when tg_op = 'UPDATE' and old.status = 'PENDING' then old.amount else 0 end;
  pending_after bigint := case when new.status = 'PENDING' then new.amount else 0 end;
  done_before bigint := case when tg_op = 'UPDATE' and old.status = 'SUCCEEDED' then old.amount else 0 end;
  done_after bigint := case when new.status = 'SUCCEEDED' then new.amount else 0 end;
begin
  update payment p
  set refund_pending = p.refund_pending + pending_after - pending_before,
    refunded = p.refunded + done_after - done_before,
    status = case
      when p.status not in ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED') then p.status
      when p.refunded + done_after - done_before = p.amount then 'REFUNDED'
      when p.refunded + done_after - done_before > 0 then 'PARTIALLY_REFUNDED'
      else 'SUCCEEDED'
    end
  where p.id = new.payment_id;
  return null;
end $$;
create trigger payment_follows after insert or update of status on refund
  for each row execute function payment_follows();

create type webhook_status as enum ('PROCESSED', 'IGNORED', 'FAILED');

-- One row an event of the provider, however often it is delivered. Only ids are kept: what they name is asked for.
create table webhook_event (
  id uuid primary key default uuidv7(),
  provider text not null,
  event_id text not null,
  type text not null,
  payment_id uuid,
  checkout_id text,
  intent_id text,
  stripe_refund_id text,
  status webhook_status not null,
  attempts int not null default 1,
  last_error text,
  received_at timestamptz not null,
  unique (provider, event_id)
);
create index webhook_event_by_age on webhook_event (received_at desc, id desc);

-- Prices are public. Money is seen by who paid, who earns and whoever keeps the books.
alter table service enable row level security;
alter table service force row level security;
create policy service_open on service for select using (true);
create policy service_told on service using (app.has('system')) with check (app.has('system'));
-- A coach locks the row of their service while they set its price, and may not change it.
create policy service_locked on service for update using (coach_id = app.uid()) with check (false);

alter table price enable row level security;
alter table price force row level security;
create policy price_open on price for select using (true);
create policy price_set on price for insert with check (
  set_by = app.uid()
  and exists (select from service where service.id = service_id and service.coach_id = app.uid())
);

alter table reservation enable row level security;
alter table reservation force row level security;
create policy reservation_seen on reservation for select using (
  client_id = app.uid() or coach_id = app.uid() or app.has('billing:read') or app.has('system'));
create policy reservation_told on reservation using (app.has('system')) with check (app.has('system'));
-- A client locks their booking while they start to pay for it, and may not change it.
create policy reservation_locked on reservation for update using (client_id = app.uid()) with check (false);

alter table payment enable row level security;
alter table payment force row level security;
create policy payment_seen on payment for select to svc_billing using (
  client_id = app.uid() or coach_id = app.uid()
  or app.has('billing:read') or app.has('billing:refund') or app.has('system'));
create policy payment_begun on payment for insert to svc_billing with check (
  client_id = app.uid() and status = 'REQUIRES_ACTION' and checkout_id is null and intent_id is null
  and not is_surplus);
create policy payment_settled on payment for update to svc_billing using (app.has('system'));
-- Only the function above runs as the owner.
create policy payment_counted on payment to own_billing using (true) with check (true);

alter table refund enable row level security;
alter table refund force row level security;
create policy refund_seen on refund for select using (app.has('billing:read') or app.has('billing:refund'));
create policy refund_asked on refund for insert
  with check (app.has('billing:refund') and status = 'PENDING' and requested_by = app.uid());
create policy refund_settled on refund using (app.has('system')) with check (app.has('system'));

alter table webhook_event enable row level security;
alter table webhook_event force row level security;
create policy webhook_seen on webhook_event for select using (app.has('billing:admin'));
create policy webhook_taken on webhook_event using (app.has('system')) with check (app.has('system'));

-- Nothing here is ever deleted by the service, and a price is never changed.
revoke delete on service, price, reservation, payment, refund, webhook_event from svc_billing;
revoke update on price from svc_billing;

insert into bus.reader (service, topic)
select 'billing', topic
from unnest(array[
  'bookings.service-changed', 'bookings.booking-held', 'bookings.booking-confirmed', 'bookings.booking-moved',
  'bookings.booking-cancelled', 'bookings.booking-expired', 'bookings.booking-unseated'
]) as topic;
