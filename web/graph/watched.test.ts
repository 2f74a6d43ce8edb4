import { expect, test } from 'bun:test'
import { idsIn } from './watched.ts'

const encode = (text: string) => new TextEncoder().encode(text)

async function idsOf(...pieces: string[]) {
  const told: string[] = []
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => {
      for (const piece of pieces) stream.enqueue(encode(piece))
      stream.close()
    },
  })
  const text = await new Response(idsIn(body, (id) => told.push(id))).text()
  expect(text).toBe(pieces.join(''))
  return told
}

test('an id counts once its block has come whole', async () => {
  expect(await idsOf(':\nid: a\n\n', 'event: next\nid: b\nda', 'ta: {"id:":1}\n')).toEqual(['a'])
  expect(await idsOf('event: next\ni', 'd: b\ndata: {}\n', '\n')).toEqual(['b'])
})

test('of several the last one counts, and an empty one is one', async () => {
  expect(await idsOf('id: a\n\nid: b\n\n:\n\n', 'event: next\nid: \ndata: {}\n\n')).toEqual([
    'b',
    '',
  ])
})
