import { describe, expect, test } from 'bun:test'
import { answersFrom, told } from '../cluster/load.ts'

const summary = (rest: string) => `
Summary:
  Total:	75.0011 secs
  Requests/sec:	199.5831

Latency distribution:
  50% in 0.0021 secs
  99% in 0.1240 secs

${rest}
`

describe('what the load generator tells', () => {
  test('counts nothing as failed when every answer was 200', () => {
    const answers = answersFrom(summary('Status code distribution:\n  [200]\t14969 responses\n'))
    expect(answers).toMatchObject({ requests: 14_969, failed: 0, p99: 124, failures: [] })
  })

  test('counts refused connections, resets, late answers and every other status', () => {
    const answers = answersFrom(
      summary(`Status code distribution:
  [200]	900 responses
  [503]	7 responses

Error distribution:
  [5]	Get "http://10.43.0.9:3000/": dial tcp 10.43.0.9:3000: connect: connection refused
  [2]	Get "http://10.43.0.9:3000/": read tcp 10.42.0.1:51422->10.43.0.9:3000: read: connection reset by peer
  [1]	Get "http://10.43.0.9:3000/": context deadline exceeded
`),
    )
    expect(answers).toMatchObject({ requests: 915, failed: 15 })
    expect(answers.failures).toHaveLength(4)
    expect(told(answers)).toContain('7 x status 503')
  })

  test('a generator that says nothing has shown nothing', () => {
    expect(answersFrom('').requests).toBe(0)
  })
})
