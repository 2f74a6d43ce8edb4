import type { LogLevel } from '#kit/log'
import type { Surroundings } from '#kit/run'
import type { Service, ServiceSettings } from '#kit/service'
import { type SubgraphName, subgraphs } from '#schema/subgraphs'
import type { Environment } from './environment.ts'
import { roomModules } from './room-modules.ts'

type RoomModule = Record<string, (options: Surroundings & { config: ServiceSettings }) => Service>
type ConfigModule = { configFrom(env: Environment): ServiceSettings }
type Modules = { readonly app: RoomModule; readonly config: ConfigModule }

/** Builds a subgraph from its folder: `subgraphs/users/app.ts` exports `createUsers`. Throws ConfigError. */
export async function createRoom(
  name: SubgraphName,
  env: Environment,
  surroundingsOf: (level: LogLevel) => Surroundings,
): Promise<Service> {
  const { app, config: settings }: Modules = await roomModules(name)
  const create = app[`create${name.charAt(0).toUpperCase()}${name.slice(1)}`]
  if (!create) throw new Error(`subgraphs/${name}/app.ts does not export its create function.`)
  const config = settings.configFrom(env)
  return create({ ...surroundingsOf(config.logLevel), config })
}

export const roomNames: readonly SubgraphName[] = subgraphs.map(({ name }) => name)
