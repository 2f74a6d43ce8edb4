import { expect, test } from 'bun:test'
import { createLog, type LogLevel, type RequestLine } from '../log.ts'

const record = (level: LogLevel = 'debug') => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  return { lines, log: createLog({ service: 'users', level, write }) }
}

const line: RequestLine = {
  requestId: 'req-1',
  userId: null,
  endpoint: '/graphql',
  method: 'POST',
  statusCode: 200,
  durationMs: 1.23456,
  traceId: null,
  operation: 'Coaches',
}

test('[MP-66] a request line has exactly the agreed keys', () => {
  const { lines, log } = record()
  log.request(line)
  expect(lines).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      service: 'users',
      request_id: 'req-1',
      user_id: null,
      endpoint: '/graphql',
      method: 'POST',
      status_code: 200,
      duration_ms: 1.235,
      trace_id: null,
      operation: 'Coaches',
      message: 'POST /graphql 200',
    },
  ])
})

test('every other line has timestamp, level, service and message, an error among them', () => {
  const { lines, log } = record()
  log.debug('a')
  log.info('b')
  log.warn('c', new Error('late'))
  log.error('d', new Error('gone', { cause: 'cable' }))
  for (const entry of lines) {
    expect(Object.keys(entry).sort()).toEqual(['level', 'message', 'service', 'timestamp'])
  }
  expect(lines.map(({ level }) => level)).toEqual(['debug', 'info', 'warn', 'error'])
  expect(lines[2]?.message).toContain('c: Error: late')
  expect(lines[3]?.message).toMatch(/^d: Error: gone\n.*log\.test\.ts.*Caused by: cable$/s)
})

test('a failed request is an error, a probe is for debugging', () => {
  const { lines, log } = record()
  log.request({ ...line, statusCode: 503 })
  log.request({ ...line, endpoint: '/readyz' }, 'debug')
  expect(lines.map(({ level }) => level)).toEqual(['error', 'debug'])
})

test('lines below the level are not written', () => {
  const { lines, log } = record('warn')
  log.info('quiet')
  log.request(line)
  log.warn('loud')
  expect(lines).toHaveLength(1)
})

test('what a caller sends cannot begin a line of its own', () => {
  const raw: string[] = []
  const log = createLog({ service: 'users', write: (text) => void raw.push(text) })
  log.info('a\n{"level":"error","message":"forged"}')
  expect(raw).toHaveLength(1)
  expect(raw[0]?.trimEnd().split('\n')).toHaveLength(1)
})

test('without a writer the lines go to standard output', async () => {
  const script = `
    import { createLog } from '${import.meta.dir}/../log.ts'
    createLog({ service: 'users' }).info('hello')`
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' })
  expect(JSON.parse(await new Response(child.stdout).text())).toMatchObject({
    service: 'users',
    message: 'hello',
  })
})
