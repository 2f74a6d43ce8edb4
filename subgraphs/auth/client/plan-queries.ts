import type { Sql } from '#kit/postgres'

/** What a program may spend, in cost points. */
export type Spending = {
  pointsPerMinute: number
  burst: number
  costMax: number
  concurrency: number
}

export type PlanRow = Spending & { name: string }
export type ClientPlanRow = Spending & { clientId: string; plan: string; changedAt: Date }

/** The smallest first. */
export const allPlans = (sql: Sql) => sql<PlanRow[]>`
  select name, points_per_minute, burst, cost_max, concurrency
  from plan
  order by points_per_minute, name`

/** Of the programs that have one; what a row does not say is the plan's own. */
export const plansOfClients = (sql: Sql, clientIds: readonly string[]) => sql<ClientPlanRow[]>`
  select own.client_id, own.plan, own.changed_at,
    coalesce(own.points_per_minute, plan.points_per_minute) as points_per_minute,
    coalesce(own.burst, plan.burst) as burst,
    coalesce(own.cost_max, plan.cost_max) as cost_max,
    coalesce(own.concurrency, plan.concurrency) as concurrency
  from client_plan as own
  join plan on plan.name = own.plan
  where own.client_id = any(${[...clientIds]}::uuid[])`

/** Null for an unknown plan. */
export async function planNamed(sql: Sql, name: string): Promise<PlanRow | null> {
  const [row] = await sql<PlanRow[]>`
    select name, points_per_minute, burst, cost_max, concurrency
    from plan
    where name = ${name}`
  return row ?? null
}

type OwnSpending = { readonly [Key in keyof Spending]: number | null }
type NewPlan = OwnSpending & { clientId: string; plan: string; changedAt: Date; changedBy: string }

export const putPlan = (sql: Sql, row: NewPlan) => sql`
  insert into client_plan ${sql(row)}
  on conflict (client_id) do update
  set plan = excluded.plan,
    points_per_minute = excluded.points_per_minute,
    burst = excluded.burst,
    cost_max = excluded.cost_max,
    concurrency = excluded.concurrency,
    changed_at = excluded.changed_at,
    changed_by = excluded.changed_by`

export const dropPlan = (sql: Sql, clientId: string) =>
  sql`delete from client_plan where client_id = ${clientId}`
