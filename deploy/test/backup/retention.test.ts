import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import fc from 'fast-check'

const script = resolve(import.meta.dir, '../../postgres/bin/expired-backups')
const day = 86_400

type Backup = { readonly at: number; readonly isGood: boolean; readonly name: string }

const run = (lines: string, now: number, days = '30') =>
  Bun.spawnSync(['bash', script, '--days', days], {
    stdin: Buffer.from(lines),
    env: { PATH: '/usr/bin:/bin', BACKUP_NOW: String(now) },
  })

/** What stays, by the script that ships, at an instant of our choice. */
function kept(backups: readonly Backup[], now: number): Backup[] {
  const line = ({ at, isGood, name }: Backup) => `${at} ${isGood ? 'good' : 'partial'} ${name}\n`
  const ended = run(backups.map(line).join(''), now)
  if (ended.exitCode !== 0) throw new Error(ended.stderr.toString())
  const gone = ended.stdout.toString().split('\n')
  return backups.filter(({ name }) => !gone.includes(name))
}

const start = 1_800_000_000
const backups = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 400 }).map((days) => start + days * day),
      isGood: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((list): Backup[] => list.map((one, index) => ({ ...one, name: `backup-${index}` })))

/** Also one that runs wrong by decades, into either direction. */
const clock = fc.integer({ min: 0, max: start + 40_000 * day })

const goodOf = (list: readonly Backup[]) => list.filter(({ isGood }) => isGood)
const newestOf = (list: readonly Backup[]) => Math.max(...goodOf(list).map(({ at }) => at))

test('whatever the clock says, the last good backup stays and so does every moment of its 30 days', () => {
  fc.assert(
    fc.property(backups, clock, (all, now) => {
      const left = kept(all, now)
      const edge = newestOf(all) - 30 * day
      expect(newestOf(left)).toBe(newestOf(all))
      const young = goodOf(all).filter(({ at }) => at > edge)
      expect(left).toEqual(expect.arrayContaining(young))
      // A moment is reached from a backup that had ended before it.
      const reaches = (list: readonly Backup[]) => goodOf(list).some(({ at }) => at <= edge)
      expect(reaches(left)).toBe(reaches(all))
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('[BC-44] backups are kept 30 days: by a right clock all that is older goes, but one that reaches back', () => {
  fc.assert(
    fc.property(backups, (all) => {
      const now = start + 401 * day
      const left = kept(all, now)
      const edge = newestOf(all) - 30 * day
      const old = new Set(goodOf(left).flatMap(({ at }) => (at <= edge ? [at] : [])))
      expect(old.size).toBeLessThanOrEqual(1)
      expect(kept(left, now)).toEqual(left)
      const abandoned = left.filter(({ isGood, at }) => !isGood && at < newestOf(all) - 2 * day)
      expect(abandoned).toEqual([])
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('when backups stop coming, nothing grows too old', () => {
  const all = [0, 10, 20].map((days) => ({
    ...{ at: start + days * day, isGood: true, name: `backup-${days}` },
  }))
  expect(kept(all, start + 20 * day)).toEqual(all)
  expect(kept(all, start + 4_000 * day)).toEqual(all)
})

test('a daily backup for a hundred days leaves the last 31', () => {
  const all = Array.from({ length: 100 }, (_, index) => ({
    ...{ at: start + index * day, isGood: true, name: `backup-${index}` },
  }))
  expect(kept(all, start + 99 * day)).toEqual(all.slice(-31))
})

test('a line that is no backup stops everything: nothing is deleted by guesswork', () => {
  const ended = run(`${start} good one\nnonsense\n`, start + 4_000 * day)
  expect(ended.exitCode).not.toBe(0)
  expect(ended.stdout.toString()).toBe('')
  expect(run('', start, '0').stderr.toString()).toContain("FAULT: '0' is no number of days.")
})
