import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import { database, type Pool, systemContext } from '#kit/postgres'
import { createVault } from '#kit/vault'
import { createHttpBreachLookup } from '../breach/lookup.http.ts'
import { noBreachLookup } from '../breach/lookup.ts'
import { createProofOfWork } from '../proof-of-work/proof.ts'
import { createRequests } from '../request/worker.ts'
import type { Accounts } from './accounts.ts'
import type { Directory } from './directory.ts'
import type { AccountSettings } from './settings.ts'
import type { Turns } from './turns.ts'

type Options = {
  readonly sql: Pool
  readonly settings: AccountSettings
  readonly directory: Directory
  readonly turns: Turns
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}

function breachLookupOf({ settings, metrics }: Options) {
  if (!settings.breach) return noBreachLookup
  const count = metrics.counter({
    name: 'breach_lookups_total',
    help: 'Passwords that were looked up among stolen ones. Those that failed were let through.',
    labels: ['outcome'],
  })
  return createHttpBreachLookup({ ...settings.breach, seen: (outcome) => count({ outcome }) })
}

/** All that the fields about accounts need, over one pool. */
export function accountsOf(options: Options): Accounts {
  const { settings, directory, turns, log, now } = options
  const db = database(options.sql, systemContext)
  const vault = createVault(settings.letterKeys)
  const { letterKeys: keys, proofOfWorkBits: difficulty, maxAgeDays } = settings
  return {
    ...{ db, directory, vault, turns, maxAgeDays },
    proofOfWork: createProofOfWork({ keys, difficulty, now }),
    breach: breachLookupOf(options),
    requests: createRequests({ db, directory, vault, now, log }),
  }
}
