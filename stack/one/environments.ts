import { databaseServices } from '#schema/subgraphs'
import type { Environment, ServiceName } from '../environment.ts'

type Env = Record<string, string | undefined>

const isGiven = (entry: [string, string | undefined]): entry is [string, string] =>
  entry[1] !== undefined

/**
 * What each service of one process finds in the process's environment: everything, and in place of
 * `DATABASE_URL` what `USERS_DATABASE_URL` says, where one variable cannot be right for all.
 */
export function environmentsFrom(env: Env): Record<ServiceName, Environment> {
  const given = Object.entries(env).filter(isGiven)
  const rows = databaseServices.map((service) => {
    const prefix = `${service.toUpperCase()}_`
    const own = given
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value] as const)
    return [service, Object.fromEntries([...given, ...own])]
  })
  // Every service has its row above; entries lose the names of their keys.
  return Object.fromEntries(rows) as Record<ServiceName, Environment>
}
