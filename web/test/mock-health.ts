type Row = Record<string, unknown>
type State = 'UP' | 'DEGRADED' | 'DOWN' | 'UNKNOWN'

/** What the prober of the mock saw; an empty list is a platform that nobody has looked at. */
export type MockHealth = { targets: Row[] }

const dayMs = 24 * 3_600_000
const dayAgo = (count: number): string =>
  new Date(Date.now() - count * dayMs).toISOString().slice(0, 10)

/** A target with a month behind it; a day is spoiled by what stands in `spoiled`. */
export const targetRow = (
  name: string,
  state: State,
  spoiled: Record<number, number> = {},
): Row => ({
  ...{ name, state, latencyMs: state === 'DOWN' ? null : 41.2 },
  checkedAt: new Date(Date.now() - 20_000).toISOString(),
  certificateEndsAt: name === 'database' ? null : new Date(Date.now() + 63 * dayMs).toISOString(),
  days: Array.from({ length: 24 }, (_, index) => ({
    day: dayAgo(23 - index),
    uptime: spoiled[23 - index] ?? 1,
  })),
})

export const createMockHealth = (): MockHealth => ({
  targets: [
    targetRow('website', 'UP', { 9: 0.99 }),
    targetRow('sign-in', 'UP', { 3: 0.42 }),
    targetRow('database', 'UP'),
  ],
})

const worst = ['DOWN', 'DEGRADED', 'UNKNOWN', 'UP']

export const healthRoot = ({ targets }: MockHealth) => ({
  serviceStatus: () => ({
    state: worst.find((state) => targets.some((target) => target.state === state)) ?? 'UNKNOWN',
    targets,
  }),
})
