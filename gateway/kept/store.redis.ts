import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { RedisCommands } from '../redis.ts'
import type { Entry, Found, Mark, Store } from './store.ts'

const prefix = 'plexus:kept'

/** Longer than any answer takes to be made: until then it is known what was dropped meanwhile. */
const dropSeconds = 120

/**
 * Each script runs whole, and nothing else in between. Everything belongs to an era: to end all of it
 * is to begin another one, and the keys of the old one run out.
 */
const opening = `
local p = ARGV[1]
local era = redis.call('GET', p .. ':era') or '0'
local own = p .. ':' .. era
`

const finding = `${opening}
return { redis.call('GET', own .. ':entry:' .. ARGV[2]) or '',
  era .. ' ' .. (redis.call('GET', p .. ':drops') or '0') }`

const putting = `${opening}
if era ~= ARGV[3] then return 0 end
for at = 7, #ARGV do
  local dropped = tonumber(redis.call('GET', own .. ':dropped:' .. ARGV[at]) or '0')
  if dropped > tonumber(ARGV[4]) then return 0 end
end
redis.call('SET', own .. ':entry:' .. ARGV[2], ARGV[5], 'PX', ARGV[6])
for at = 7, #ARGV do
  local keys = own .. ':tag:' .. ARGV[at]
  redis.call('SADD', keys, ARGV[2])
  if redis.call('PTTL', keys) < tonumber(ARGV[6]) then redis.call('PEXPIRE', keys, ARGV[6]) end
end
return 1`

const dropping = `${opening}
local count = redis.call('INCR', p .. ':drops')
local ended = 0
for at = 3, #ARGV do
  redis.call('SET', own .. ':dropped:' .. ARGV[at], count, 'EX', ARGV[2])
  local keys = own .. ':tag:' .. ARGV[at]
  for _, key in ipairs(redis.call('SMEMBERS', keys)) do
    ended = ended + redis.call('DEL', own .. ':entry:' .. key)
  end
  redis.call('DEL', keys)
end
return ended`

const Kept = z.object({
  text: z.string(),
  tags: z.array(z.string()),
  madeAt: z.number(),
  maxAge: z.number(),
  stale: z.number(),
})

/**
 * In Redis or Valkey, for all instances. Rejects while it is away. Keys are hashed: nobody reads in
 * them who asked for what.
 */
export function createRedisStore(
  redis: RedisCommands,
  { nowMs, space = '' }: { readonly nowMs: () => number; readonly space?: string },
): Store {
  const name = space === '' ? prefix : `${prefix}:${space}`
  const run = (script: string, ...args: string[]) =>
    redis.send('EVAL', [script, '0', name, ...args])
  return {
    find: async (key) => foundIn(await run(finding, hashOf(key))),
    put: async (key, entry, mark) => {
      const [era = '', drops = ''] = mark.split(' ')
      const leftMs = entry.madeAt + (entry.maxAge + entry.stale) * 1_000 - nowMs()
      if (leftMs <= 0) return
      const values = [era, drops, JSON.stringify(entry), String(Math.ceil(leftMs))]
      await run(putting, hashOf(key), ...values, ...entry.tags)
    },
    drop: async (tags) => Number(await run(dropping, String(dropSeconds), ...tags)),
    clear: async () => void (await redis.send('INCR', [`${name}:era`])),
  }
}

const hashOf = (key: string) => createHash('sha256').update(key).digest('base64url')

function foundIn(answer: unknown): Found {
  if (!Array.isArray(answer)) throw new Error('Redis did not say what is kept.')
  const [text, mark]: unknown[] = answer
  const known = typeof text === 'string' && text !== '' ? Kept.safeParse(JSON.parse(text)) : null
  const entry: Entry | null = known?.data ?? null
  return { entry, mark: String(mark) satisfies Mark }
}
