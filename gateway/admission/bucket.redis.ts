import type { RedisCommands } from '../redis.ts'
import { type RateBuckets, reckoned } from './bucket.ts'

/** A script runs whole or not at all, and nothing else in between. `drawFrom` is the same rule. */
const script = `
local at, drawn, needed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local window, cap = tonumber(ARGV[4]), tonumber(ARGV[5])
local full = tonumber(redis.call('GET', KEYS[1]) or at)
local before = math.max(math.min(full, at + cap), at)
local taken = needed < 0 or before + needed <= at + window
local after = before
if taken then after = math.max(math.min(before + drawn, at + cap), at) end
local text = string.format('%.0f', after)
redis.call('SET', KEYS[1], text, 'PX', math.ceil((after - at) / 1000) + 120000)
return { taken and 1 or 0, text }`

/** Buckets in Redis or Valkey; one is forgotten two minutes after it is full: clocks differ. */
export const bucketsInRedis = (redis: RedisCommands): RateBuckets => ({
  draw: async (key, draw) => {
    const { at, drawn, needed, window, cap } = reckoned(draw)
    const numbers = [at, drawn, Math.max(needed, -1), window, cap].map(String)
    const answer = await redis.send('EVAL', [script, '1', `plexus:rate:${key}`, ...numbers])
    if (!Array.isArray(answer)) throw new Error('The bucket did not answer.')
    const [taken, fullAt] = answer
    return { isTaken: Number(taken) === 1, fullAt: Number(fullAt) }
  },
})
