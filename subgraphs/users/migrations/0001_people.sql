create table person (
  id uuid primary key default uuidv7(),
  email citext unique,
  display_name text not null check (length(display_name) between 1 and 120),
  locale text not null default 'fr' check (locale in ('fr', 'en')),
  time_zone text not null default 'Europe/Paris',
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'INVITED', 'SUSPENDED', 'ERASED')),
  version int not null default 1,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  check ((status = 'ERASED') = (erased_at is not null)),
  check (status <> 'ERASED' or email is null)
);
create index person_by_name on person (display_name, id);

create table coach (
  id uuid primary key references person,
  slug text not null constraint coach_slug_taken unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){2,39}$'),
  headline text,
  bio jsonb not null default '{}',
  specialties text[] not null default '{}',
  languages text[] not null default '{fr}',
  city text,
  published boolean not null default false,
  created_at timestamptz not null default now()
);
create index coach_published on coach (id) where published;

-- What `search` looks into: no accents, no case. `unaccent` is only stable, so the text is kept by triggers
-- and not by a generated column; the person's name is part of it.
alter table coach add column search_text text not null default '';
create index coach_search on coach using gin (search_text gin_trgm_ops);

create function coach_search_text(c coach) returns text language sql stable
  set search_path = users, app, public, pg_temp as $$
  select lower(unaccent(concat_ws(' ', p.display_name, c.headline, array_to_string(c.specialties, ' '), c.city)))
  from person p where p.id = c.id $$;

create function coach_search_keep() returns trigger language plpgsql
  set search_path = users, app, public, pg_temp as $$
begin
  new.search_text := coalesce(coach_search_text(new), '');
  return new;
end $$;
create trigger coach_search_keep before insert or update on coach
  for each row execute function coach_search_keep();

create function person_renamed() returns trigger language plpgsql
  set search_path = users, app, public, pg_temp as $$
begin
  update coach set id = id where id = new.id;
  return null;
end $$;
create trigger person_renamed after update of display_name on person
  for each row when (old.display_name is distinct from new.display_name) execute function person_renamed();

alter table person enable row level security;
alter table person force row level security;
create policy person_self on person
  using (id = app.uid() or app.has('users:read') or app.has('users:admin') or app.has('system'))
  with check (id = app.uid() or app.has('users:admin') or app.has('system'));
-- A published coach is known by name to everybody; what else may be read of a person is the field's rule.
create policy person_coach on person for select
  using (exists (select from coach c where c.id = person.id and c.published));

alter table coach enable row level security;
alter table coach force row level security;
create policy coach_published on coach for select using (published);
create policy coach_own on coach
  using (id = app.uid() or app.has('users:admin') or app.has('system'))
  with check (id = app.uid() or app.has('users:admin') or app.has('system'));
