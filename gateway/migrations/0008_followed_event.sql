-- Events after which an answer that is kept is no longer true; `kept/topics.ts` says what each of them ends.
insert into bus.reader (service, topic)
select 'gateway', topic
from unnest(array[
  'users.coach-changed', 'users.person-changed',
  'bookings.service-changed', 'bookings.availability-changed',
  'bookings.booking-held', 'bookings.booking-confirmed', 'bookings.booking-moved', 'bookings.booking-cancelled',
  'bookings.booking-expired', 'bookings.booking-unseated', 'bookings.booking-payment-changed',
  'billing.price-changed', 'billing.payment-succeeded', 'billing.payment-failed', 'billing.payment-refunded'
]) as topic;
