import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { createLog, type RequestLine } from '#kit/log'
import { k3sFolder } from '../render/overlay.ts'
import { ecs } from './ecs.ts'

const folder = join(k3sFolder, 'components/logs')
const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8'))

const Operator = z.object({
  type: z.string(),
  if: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  field: z.string().optional(),
  value: z.string().optional(),
})
const Collector = z.object({
  receivers: z.object({ filelog: z.object({ operators: z.array(Operator) }) }),
})
const { operators } = Collector.parse(read('node/collector.yaml')).receivers.filelog

const Filebeat = z.object({
  processors: z.array(
    z.object({
      rename: z
        .object({ fields: z.array(z.object({ from: z.string(), to: z.string() })) })
        .optional(),
    }),
  ),
})
const renamed = Filebeat.parse(read('filebeat.yaml')).processors.flatMap(
  ({ rename }) => rename?.fields ?? [],
)

/** `attributes["user.id"]`, `resource["service.name"]` and `body`, as the schema names them. */
const nameIn = (place: string) =>
  /^(?:attributes|resource)\["(.+)"\]$/.exec(place)?.[1] ?? (place === 'body' ? 'message' : place)

/** One line of each kind, as services write them. */
function linesOfServices() {
  const lines: string[] = []
  const log = createLog({ service: 'gateway', level: 'debug', write: (line) => lines.push(line) })
  const request: RequestLine = {
    ...{ requestId: 'r-1', userId: 'u-1', actorId: 'a-1', endpoint: '/graphql', method: 'POST' },
    ...{ statusCode: 200, durationMs: 12.5, traceId: 't-1', operation: 'Home' },
  }
  log.info('Listening')
  log.error('It broke', new Error('why'))
  log.request(request)
  return lines
}
const Line = z.record(z.string(), z.unknown())
const fieldsOfServices = new Set(
  linesOfServices().flatMap((line) => Object.keys(Line.parse(JSON.parse(line)))),
)

test('every field that a service logs has a name in the schema, and no other has one', () => {
  expect([...fieldsOfServices].sort()).toEqual(Object.keys(ecs).sort())
})

test('the collector gives every field the name that the schema has for it', () => {
  const moved = operators.flatMap(({ type, from, to }) =>
    type === 'move' ? [[from?.replace('attributes.', '') ?? '', nameIn(to ?? '')] as const] : [],
  )
  const { timestamp, duration_ms: duration, ...others } = ecs
  expect(Object.fromEntries(moved)).toEqual(others)
  const added = operators.filter(({ type }) => type === 'add')
  expect(added).toMatchObject([{ field: `attributes["${duration}"]` }])
  expect(added[0]?.value).toContain('attributes.duration_ms * 1000000')
  expect(timestamp).toBe('@timestamp')
})

test('a line that lacks a field goes through: each step asks first', () => {
  for (const { type, if: condition, from, field } of operators) {
    if (!['move', 'remove'].includes(type)) continue
    const place = from ?? field ?? ''
    const name = place.replace('attributes.', '')
    expect([`${place} != nil`, `"${name}" in attributes`]).toContain(condition ?? '')
  }
})

test('Filebeat gives the same names', () => {
  const names = Object.fromEntries(renamed.map(({ from, to }) => [from.replace('line.', ''), to]))
  // These three are no mere renaming there.
  const { timestamp, message, duration_ms, ...others } = ecs
  expect(names).toEqual(others)
  const whole = readFileSync(join(folder, 'filebeat.yaml'), 'utf8')
  expect(whole).toContain("event.Put('event.duration', Math.round(ms * 1000000))")
  for (const field of [message ?? '', 'line.timestamp']) expect(whole).toContain(field)
  expect([timestamp, duration_ms]).toEqual(['@timestamp', 'event.duration'])
})

test('lines of ours are known by how they begin, and others are left as they are', () => {
  const condition = operators.find(({ type }) => type === 'json_parser')?.if ?? ''
  const [, pattern = ''] = /^body matches "(.*)"$/.exec(condition) ?? []
  // The expression's own string has each sign of the pattern escaped once.
  const known = new RegExp(z.string().parse(JSON.parse(`"${pattern}"`)))
  for (const line of linesOfServices()) expect(line).toMatch(known)
  for (const other of ['LOG:  database system is ready', '{"time":"now"}', '']) {
    expect(other).not.toMatch(known)
  }
})
