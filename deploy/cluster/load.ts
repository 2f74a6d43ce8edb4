type Load = {
  readonly url: string
  /** Asked for in this name, for an address without one. */
  readonly host?: string
  readonly perSecond: number
  readonly seconds: number
  /** False opens a connection for each request. */
  readonly keepAlive: boolean
}

export type Answers = {
  readonly requests: number
  /** Whatever was not answered by 200: refused, reset, late, or with another status. */
  readonly failed: number
  readonly perSecond: number
  /** Milliseconds that 99 of 100 took at most. */
  readonly p99: number
  /** Each way of failing, and how often. */
  readonly failures: readonly string[]
}

const workers = 20

const numberAfter = (text: string, label: RegExp) => Number(label.exec(text)?.[1] ?? Number.NaN)

const section = (text: string, title: string) =>
  (text.split(`${title}:\n`)[1] ?? '').split('\n\n')[0]?.split('\n').filter(Boolean) ?? []

/** What `hey` tells, counted. */
export function answersFrom(text: string): Answers {
  const statuses = section(text, 'Status code distribution').map((line) => {
    const [, status = '', count = '0'] = /\[(\d+)\]\s+(\d+) responses/.exec(line) ?? []
    return { status, count: Number(count) }
  })
  const errors = section(text, 'Error distribution').map((line) => {
    const [, count = '0', what = line] = /\[(\d+)\]\s+(.*)/.exec(line) ?? []
    return { what: what.replace(/[\d.]+:\d+->[\d.]+:\d+/g, ''), count: Number(count) }
  })
  const sum = (rows: readonly { readonly count: number }[]) =>
    rows.reduce((total, { count }) => total + count, 0)
  const others = statuses.filter(({ status }) => status !== '200')
  return {
    requests: sum(statuses) + sum(errors),
    failed: sum(others) + sum(errors),
    perSecond: numberAfter(text, /Requests\/sec:\s+([\d.]+)/),
    p99: Math.round(numberAfter(text, /99% in ([\d.]+) secs/) * 1_000),
    failures: [
      ...others.map(({ status, count }) => `${count} x status ${status}`),
      ...errors.map(({ what, count }) => `${count} x ${what}`),
    ],
  }
}

/** So many requests a second for so long; what is under way at the end still counts. */
export async function load({ url, host, perSecond, seconds, keepAlive }: Load): Promise<Answers> {
  const child = Bun.spawn(
    [
      ...['hey', '-c', String(workers), '-q', String(perSecond / workers), '-z', `${seconds}s`],
      ...['-t', '10', ...(host ? ['-host', host] : [])],
      ...[...(keepAlive ? [] : ['-disable-keepalive']), url],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const text = await new Response(child.stdout).text()
  await child.exited
  return answersFrom(text)
}

export const told = ({ requests, failed, perSecond, p99, failures }: Answers): string =>
  [
    `${failed} of ${requests} failed, ${perSecond.toFixed(0)} a second, p99 ${p99} ms`,
    ...failures,
  ].join('; ')
