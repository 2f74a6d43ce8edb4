import { describe, expect, test } from 'bun:test'
import { setups, startHarness } from './harness.ts'

describe.each(setups)('%s', (_, setup) => {
  const { post, lines } = startHarness(setup)
  const crash = (accept: string) => post({ query: '{ hello crash }' }, {}, { accept })

  test.each(['text/*', 'TEXT/*;q=0.5', 'multipart/mixed', 'image/png', ','])(
    'what a subgraph crashed of is for the log, and not for who accepts %s',
    async (accept) => {
      lines.length = 0
      expect((await crash(accept)).text).not.toContain('hunter2')
      expect(lines.join()).toContain('hunter2')
    },
  )

  test('events are text', async () => {
    const { status, headers, text } = await crash('text/*')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(text).toContain('"hello":"world"')
    expect(text).toContain('"code":"INTERNAL"')
  })

  test('who takes nothing that we have is told so', async () => {
    const { status, errors } = await crash('image/png')
    expect(status).toBe(406)
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_REQUEST'])
  })
})
