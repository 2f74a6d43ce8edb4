-- A coach knows the names of those who book with them. The pair comes with the booking's events.
insert into bus.reader (service, topic) values ('users', 'bookings.booking-held');

create table client_of (
  coach_id uuid not null,
  -- No foreign keys: a booking's event may come before the account's.
  client_id uuid not null,
  primary key (coach_id, client_id)
);

alter table client_of enable row level security;
alter table client_of force row level security;
create policy client_of_system on client_of
  using (app.has('system')) with check (app.has('system'));
create policy client_of_coach on client_of for select using (coach_id = app.uid());

create policy person_client on person for select
  using (exists (select from client_of c where c.coach_id = app.uid() and c.client_id = person.id));
