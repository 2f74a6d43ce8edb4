-- What a plan lets a program spend, in cost points: so many a minute, so many at once, so many for one operation, and so
-- many operations at a time.
create table plan (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  points_per_minute int not null check (points_per_minute between 1 and 10000000),
  burst int not null check (burst between 1 and 10000000),
  cost_max int not null check (cost_max between 1 and burst),
  concurrency int not null check (concurrency between 1 and 10000)
);
insert into plan (name, points_per_minute, burst, cost_max, concurrency)
values
  ('starter', 6000, 6000, 500, 5),
  ('standard', 30000, 30000, 2000, 20),
  ('scale', 300000, 300000, 5000, 100);

-- The plan of a program, be it a client or an API key; a number that is null is the plan's own. A program without a row
-- has what its `rate_limit_per_minute` is worth.
create table client_plan (
  client_id uuid primary key,
  plan text not null references plan,
  points_per_minute int check (points_per_minute between 1 and 10000000),
  burst int check (burst between 1 and 10000000),
  cost_max int check (cost_max between 1 and 10000000),
  concurrency int check (concurrency between 1 and 10000),
  changed_at timestamptz not null,
  changed_by uuid not null
);

alter table plan enable row level security;
alter table plan force row level security;
create policy plan_administered on plan
  using (app.has('clients:admin') or app.has('system'))
  with check (app.has('clients:admin') or app.has('system'));
alter table client_plan enable row level security;
alter table client_plan force row level security;
create policy client_plan_administered on client_plan
  using (app.has('clients:admin') or app.has('system'))
  with check (app.has('clients:admin') or app.has('system'));

-- All that the gateway may see of programs: whether they are over, and what they may spend.
create view client_door with (security_barrier) as
  select program.id, program.ended_at, program.rate_limit_per_minute,
    coalesce(own.points_per_minute, plan.points_per_minute) as points_per_minute,
    coalesce(own.burst, plan.burst) as burst,
    coalesce(own.cost_max, plan.cost_max) as cost_max,
    coalesce(own.concurrency, plan.concurrency) as concurrency
  from (
    select id, disabled_at as ended_at, rate_limit_per_minute from api_client
    union all
    -- A key that is over is told of by its own view.
    select id, null, rate_limit_per_minute from api_key
  ) as program
  left join client_plan as own on own.client_id = program.id
  left join plan on plan.name = own.plan;
grant select on client_door to svc_gateway;

-- Every gateway listens: what a program may not do any more leaves every memory at once.
create function tell_client_changed() returns trigger language plpgsql set search_path = auth, pg_temp
as $$
begin
  perform pg_notify('client_changed', coalesce(to_jsonb(new) ->> tg_argv[0], to_jsonb(old) ->> tg_argv[0], ''));
  return null;
end $$;
create trigger api_client_changed
  after update of disabled_at, rate_limit_per_minute on api_client
  for each row
  execute function tell_client_changed('id');
create trigger client_plan_changed
  after insert or update or delete on client_plan
  for each row
  execute function tell_client_changed('client_id');
create trigger plan_changed
  after update on plan
  for each row
  execute function tell_client_changed('none');
