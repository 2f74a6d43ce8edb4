import type { Pool } from '#kit/postgres'
import type { RedisCommands } from '../redis.ts'
import { bucketsIn } from './bucket.postgres.ts'
import { bucketsInRedis } from './bucket.redis.ts'
import type { RateBuckets } from './bucket.ts'

type Shared = { readonly sql: Pool; readonly redis: RedisCommands | null }

/** In Redis where there is one, else in PostgreSQL. */
export const bucketsOf = ({ sql, redis }: Shared): RateBuckets =>
  redis ? bucketsInRedis(redis) : bucketsIn(sql)
