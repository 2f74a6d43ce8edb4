/** What a client of server-sent events has seen so far. */
export type Seen = { readonly name: string; readonly data: unknown }

type Block = Seen & { readonly id: string | null }

export type EventReader = ReturnType<typeof readEvents>

/** Reads a response as a browser would, from its first byte on: comments are counted, events parsed. */
export function readEvents({ body }: Response) {
  const reader = body?.getReader()
  if (!reader) throw new Error('The response has no body.')
  const decoder = new TextDecoder()
  const seen: Seen[] = []
  let text = ''
  let comments = 0
  let lastId = ''
  let isOver = false
  let wake = () => {}

  const take = (block: string) => {
    const { id, ...event } = blockFrom(block)
    if (id !== null) lastId = id
    if (block.startsWith(':')) comments += 1
    else seen.push(event)
  }
  const readOn = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      blocks.forEach(take)
      wake()
    }
  }
  let fault: unknown = null
  const over = readOn()
    .catch((error: unknown) => {
      fault = error
    })
    .finally(() => {
      isOver = true
      wake()
    })
  /** The next event; null when the stream has ended. */
  const next = async (): Promise<Seen | null> => {
    while (seen.length === 0 && !isOver) {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
    return seen.shift() ?? null
  }
  return {
    next,
    /** Everything until the end. Rejects when the line broke. */
    rest: async () => {
      await over
      if (fault) throw fault
      return seen.splice(0)
    },
    comments: () => comments,
    /** Resolves once there is an id, or the stream has ended. */
    known: async () => {
      while (lastId === '' && !isOver) await Bun.sleep(1)
    },
    /** What a browser would send as Last-Event-ID. */
    lastId: () => lastId,
    close: () => reader.cancel(),
  }
}

function blockFrom(block: string): Block {
  const fieldOf = (field: string) => new RegExp(`^${field}: ?(.*)$`, 'm').exec(block)?.[1] ?? null
  const data = fieldOf('data') ?? ''
  return {
    ...{ name: fieldOf('event') ?? '', id: fieldOf('id') },
    data: data.trim() === '' ? null : JSON.parse(data),
  }
}
