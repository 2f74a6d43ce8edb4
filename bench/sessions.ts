import { type Fleet, startFleet } from '../stack/testing/fleet.ts'
import { allWays, endAndTime } from '../stack/testing/session-trial.ts'
import { lookups } from './session-lookup.ts'
import { type Cell, shareOf, tableOf } from './table.ts'

const trials = 1_000
const rounds = 50
const askingAtOnce = 200

async function ends(fleet: Fleet): Promise<Cell[][]> {
  const each = trials / allWays.length
  const rows: Cell[][] = []
  for (const way of allWays) {
    const times: number[] = []
    for (let trial = 0; trial < each; trial += 1) times.push(await endAndTime(fleet, way))
    times.sort((one, other) => one - other)
    rows.push([way, each, shareOf(times, 0.5), shareOf(times, 0.99), times.at(-1) ?? 0])
  }
  return rows
}

/** How many calls to the provider each end of an access token costs, and how many are signed out. */
async function renewals({ provider, openSession, instances }: Fleet): Promise<Cell[]> {
  let signedOut = 0
  const before = provider.counts.refresh
  for (let round = 0; round < rounds; round += 1) {
    const refreshToken = crypto.randomUUID()
    provider.refreshTokens.set(refreshToken, crypto.randomUUID())
    const { sub } = provider.person
    const { cookie } = await openSession({
      ...{ personId: sub, subject: sub },
      tokens: { accessToken: '', refreshToken, idToken: '', accessExpiresAt: Date.now() - 1_000 },
    })
    const answers = await Promise.all(
      Array.from({ length: askingAtOnce }, async (_, index) => {
        const url = instances[index % instances.length]?.url
        return (await fetch(`${url}/auth/session`, { headers: { cookie } })).json()
      }),
    )
    signedOut += answers.filter(({ authenticated }) => !authenticated).length
  }
  const calls = (provider.counts.refresh - before) / rounds
  return [`${askingAtOnce} requests at once`, rounds, calls, signedOut]
}

/** Three gateway processes over one database: how sessions end, are renewed and are found. */
export async function sessions(): Promise<string> {
  const fleet = await startFleet(3)
  try {
    const ended = tableOf(
      [
        'a session that ends, with a stream open on each of 3 processes',
        'trials',
        'p50 ms',
        'p99 ms',
        'slowest ms (goal 1000)',
      ],
      await ends(fleet),
    )
    const renewed = tableOf(
      ['the end of an access token', 'rounds', 'calls each (goal 1)', 'signed out (goal 0)'],
      [await renewals(fleet)],
    )
    return [ended, renewed, await lookups(fleet)].join('\n\n')
  } finally {
    await fleet.stop()
  }
}
