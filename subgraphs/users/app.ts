import type { Surroundings } from '#kit/run'
import type { Service } from '#kit/service'
import { createSubgraphService, type DatabaseOptions, poolOf } from '#kit/subgraph-service'
import type { Config } from './config.ts'
import { contextOf } from './context.ts'
import { consumeArrivals } from './person/arrival.ts'
import { schema } from './schema.ts'

type Options = Surroundings & DatabaseOptions & { readonly config: Config }

/** People, coaches and who is calling. */
export const createUsers = (options: Options): Service =>
  createSubgraphService({
    ...options,
    name: 'users',
    schema,
    extend: contextOf,
    sql: poolOf('users', options.config, options),
    parts: ({ sql, bus }) => [consumeArrivals({ sql, bus, log: options.log })],
  })
