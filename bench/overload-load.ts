/** `bun overload-load.ts ORIGIN`: finds the peak, then sends ten times as much for as long. */
import { shareOf } from './table.ts'

const { hostname, port } = new URL(process.argv[2] ?? '')
const seconds = 4
const connections = 400
const body = JSON.stringify({
  query: '{ people { name friends { name nextTrip { city } } nextTrip { city } } hello tripCount }',
})
const request = Buffer.from(
  [
    ...['POST /graphql HTTP/1.1', `host: ${hostname}:${port}`, 'content-type: application/json'],
    `content-length: ${body.length}\r\n\r\n${body}`,
  ].join('\r\n'),
)

type Answer = { readonly status: number; readonly ms: number }
type Line = { send(): Promise<Answer> }

/** A connection that is kept; a client of this kind costs next to nothing itself. */
async function line(): Promise<Line> {
  let text = ''
  let arrived = (_: number) => {}
  const socket = await Bun.connect({
    ...{ hostname, port: Number(port) },
    socket: {
      data: (_, bytes) => {
        text += bytes.toString('latin1')
        const end = text.indexOf('\r\n\r\n')
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
        if (end < 0 || text.length < end + 4 + length) return
        const status = Number(text.slice(9, 12))
        text = ''
        arrived(status)
      },
      close: () => arrived(0),
    },
  })
  return {
    send: () => {
      const startedAt = performance.now()
      const { promise, resolve } = Promise.withResolvers<Answer>()
      arrived = (status) => resolve({ status, ms: performance.now() - startedAt })
      socket.write(request)
      return promise
    },
  }
}

const linesOf = (count: number) => Promise.all(Array.from({ length: count }, line))
const until = (end: number) => performance.now() < end

/** Clients that each wait for their answer. */
async function closed(clients: number): Promise<number> {
  let count = 0
  const lines = await linesOf(clients)
  const end = performance.now() + seconds * 1_000
  const client = async ({ send }: Line) => {
    while (until(end)) if ((await send()).status === 200) count += 1
  }
  await Promise.all(lines.map(client))
  return count / seconds
}

/** So many a second, as long as a connection is free. */
async function open(rate: number) {
  const answers: Answer[] = []
  const free = await linesOf(connections)
  const startedAt = performance.now()
  const end = startedAt + seconds * 1_000
  let sent = 0
  const take = (one: Line) => {
    sent += 1
    void one.send().then((answer) => {
      if (until(end)) answers.push(answer)
      free.push(one)
    })
  }
  while (until(end)) {
    const due = ((performance.now() - startedAt) / 1_000) * rate
    while (sent < due) {
      const one = free.pop()
      if (!one) break
      take(one)
    }
    await Bun.sleep(1)
  }
  return { answers, sent }
}

const timesOf = (answers: readonly Answer[], status: number) =>
  answers
    .filter((answer) => answer.status === status)
    .map(({ ms }) => ms)
    .sort((one, other) => one - other)

await closed(8)
const peak = Math.max(await closed(8), await closed(16), await closed(32))
const { answers, sent } = await open(peak * 10)
const [good, refused] = [timesOf(answers, 200), timesOf(answers, 503)]
console.log(
  JSON.stringify({
    ...{ peak, goodput: good.length / seconds, offered: sent / seconds },
    okP99: shareOf(good, 0.99),
    refusedP50: shareOf(refused, 0.5),
    refusedP99: shareOf(refused, 0.99),
  }),
)
process.exit(0)
