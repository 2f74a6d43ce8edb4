import { describe, expect, test } from 'bun:test'
import { eventsIn } from './event-stream.ts'

const reading = { signal: new AbortController().signal, eventBytesMax: 100, silenceMs: 5_000 }

/** A body whose pieces arrive one by one. */
const bodyOf = (...pieces: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces)
        controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
      controller.close()
    },
  })

const eventsOf = (...pieces: (string | Uint8Array)[]) =>
  Array.fromAsync(eventsIn(bodyOf(...pieces), reading))
const read = async (...pieces: (string | Uint8Array)[]) =>
  (await eventsOf(...pieces)).map(({ data }) => data)
const end = 'event: complete\ndata:\n\n'

test.each([
  ['one after the other', ['event: next\ndata: 1\n\nevent: next\ndata: 2\n\n', end], ['1', '2']],
  ['in pieces', ['event: ne', 'xt\nda', 'ta: 1\n', '\n', end], ['1']],
  ['with CRLF, cut in between', ['event: next\r', '\ndata: 1\r\n\r', '\n', end], ['1']],
  ['between comments', [':\n\n', 'event: next\ndata: 1\n\n', ': hello\n\n', end], ['1']],
  ['over several lines', ['event: next\ndata: {\ndata: }\n\n', end], ['{\n}']],
  ['without a space', ['event:next\ndata:1\n\n', 'event:complete\n\n'], ['1']],
  ['of other kinds', ['event: other\ndata: 1\n\n', 'data: 2\n\n', end], []],
  ['after the end', [end, 'event: next\ndata: 1\n\n'], []],
])('events %s are read', async (_, pieces, expected) => {
  expect(await read(...pieces)).toEqual(expected)
})

test('an id is that of its event, or stands for itself', async () => {
  const pieces = [
    ':\nid: a\n\n',
    'id: b\nevent: next\ndata: 1\n\n',
    'event: next\ndata: 2\n\n',
    end,
  ]
  expect(await eventsOf(...pieces)).toEqual([
    { data: null, id: 'a' },
    { data: '1', id: 'b' },
    { data: '2', id: null },
  ])
})

test('a letter that is cut in two is one', async () => {
  const bytes = new TextEncoder().encode('event: next\ndata: "é"\n\n')
  const cut = bytes.length - 4
  expect(await read(bytes.slice(0, cut), bytes.slice(cut), end)).toEqual(['"é"'])
})

describe('a stream is broken', () => {
  test('when it ends before it is complete', async () => {
    expect(read('event: next\ndata: 1\n\n')).rejects.toThrow('before it was complete')
  })

  test('when one event is too long', async () => {
    expect(read(`event: next\ndata: ${'x'.repeat(100)}`)).rejects.toThrow('longer than 100 bytes')
  })

  test('when nothing comes any more', async () => {
    const silent = new ReadableStream<Uint8Array>({})
    const events = Array.fromAsync(eventsIn(silent, { ...reading, silenceMs: 5 }))
    expect(events).rejects.toThrow('nothing came for 5 ms')
  })
})

test('whoever aborts ends it at once, and the body is let go of', async () => {
  let isCancelled = false
  const silent = new ReadableStream<Uint8Array>({
    cancel: () => {
      isCancelled = true
    },
  })
  const caller = new AbortController()
  const events = Array.fromAsync(eventsIn(silent, { ...reading, signal: caller.signal }))
  caller.abort()
  expect(await events).toEqual([])
  expect(isCancelled).toBe(true)
})
