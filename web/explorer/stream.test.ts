import { expect, test } from 'bun:test'
import { resultsOf } from './stream.ts'

const text = [
  'event: next\ndata: {"data":{"é":1}}\n\n',
  ': a heartbeat\n\n',
  'event: next\r\ndata: {"data":\r\ndata: {"é":2}}\r\n\r\n',
  'event: complete\ndata:\n\n',
  'event: next\ndata: {"data":{"é":3}}\n\n',
].join('')

/** The text as a network might cut it: so many bytes at a time, in the middle of a letter too. */
const bodyOf = (whole: string, size: number) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      const bytes = new TextEncoder().encode(whole)
      for (let from = 0; from < bytes.length; from += size)
        controller.enqueue(bytes.slice(from, from + size))
      controller.close()
    },
  })

const refused = async () => null

test.each([1, 7, 10_000])(
  'results arrive whole, cut every %d bytes, until complete',
  async (size) => {
    const results = await Array.fromAsync(resultsOf(bodyOf(text, size), refused))
    expect(results).toEqual([{ data: { é: 1 } }, { data: { é: 2 } }])
  },
)

test('a body that ends without complete ends the results', async () => {
  const whole = 'event: next\ndata: {"data":null}\n\nevent: next\ndata: {"da'
  expect(await Array.fromAsync(resultsOf(bodyOf(whole, 9), refused))).toEqual([{ data: null }])
})

test('a stream with ids goes on after the last one, also when nobody answers at first', async () => {
  const first = 'id: a\n\nid: b\nevent: next\ndata: {"data":1}\n\nid: c\nevent: next\ndata: {"da'
  const rest = 'event: next\ndata: {"data":2}\n\nevent: complete\ndata:\n\n'
  const asked: string[] = []
  const results = resultsOf(bodyOf(first, 9), async (lastId) => {
    asked.push(lastId)
    if (asked.length === 1) throw new Error('refused')
    return bodyOf(rest, 9)
  })
  expect(await Array.fromAsync(results)).toEqual([{ data: 1 }, { data: 2 }])
  expect(asked).toEqual(['b', 'b'])
})
