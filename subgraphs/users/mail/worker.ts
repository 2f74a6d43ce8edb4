import type { Log } from '#kit/log'
import { type Database, database, type Pool, systemContext } from '#kit/postgres'
import { startWorker } from '#kit/worker'
import { type PersonRow, peopleByIds } from '../person/queries.ts'
import { accountMailFrom, bookingMailFrom, type House } from './compose.ts'
import { type Mailer, MailRefused } from './mailer.ts'
import { claimMail, type MailRow, postponeMail, settleMail, sweepMails } from './queries.ts'
import { isTooOld, keptMs, leaseMs, pauseAfter } from './rules.ts'

type Options = {
  readonly sql: Pool
  readonly log: Log
  readonly now: () => Date
  readonly mailer: Mailer
  readonly house: House
}
type Work = Omit<Options, 'sql'> & { readonly db: Database }
type Claimed = { readonly mail: MailRow; readonly people: readonly PersonRow[] }

const batchSize = 1_000
const sweepEveryMs = 3_600_000

const workOf = ({ sql, ...rest }: Options): Work => ({ ...rest, db: database(sql, systemContext) })

const idsIn = ({ recipientId, otherId }: MailRow) =>
  otherId === null ? [recipientId] : [recipientId, otherId]

const claimed = ({ db, now }: Work): Promise<Claimed | null> =>
  db.write(async (sql) => {
    const at = now()
    const leaseEndsAt = new Date(at.getTime() + leaseMs)
    const mail = await claimMail(sql, { now: at, leaseEndsAt })
    return mail && { mail, people: await peopleByIds(sql, idsIn(mail)) }
  })

/** Throws MailRefused for a person without an address, another error for one who has not arrived yet. */
function composed({ mail, people }: Claimed, { house, now }: Work) {
  const known = people.find(({ id }) => id === mail.recipientId)
  if (!known) throw new Error('The reader is not known yet.')
  const { email } = known
  if (email === null) throw new MailRefused('The person has no address any more.')
  const reader = { ...known, email }
  if (mail.otherId === null) return accountMailFrom(mail, { reader, now: now() }, house)
  const other = people.find(({ id }) => id === mail.otherId)
  if (!other) throw new Error('The other person of the booking is not known yet.')
  return bookingMailFrom(mail, { reader, other }, house)
}

/** An address is nobody's business but the reader's: it does not go into logs or rows. */
const reasonOf = (error: unknown) =>
  String(error instanceof Error ? error.message : error).replace(/[^\s<>]+@[^\s<>]+/g, '(address)')

async function fail({ db, log, now }: Work, { mail }: Claimed, error: unknown) {
  const at = now()
  const { id, attempts } = mail
  const lastError = reasonOf(error).slice(0, 500)
  if (error instanceof MailRefused || isTooOld(mail.createdAt, at)) {
    log.error(`Mail ${id} is given up after ${attempts} tries: ${lastError}`)
    await db.write((sql) => settleMail(sql, { id, state: 'GIVEN_UP', lastError, at }))
    return
  }
  log.warn(`Mail ${id} waits after try ${attempts}: ${lastError}`)
  const dueAt = new Date(at.getTime() + pauseAfter(attempts))
  await db.write((sql) => postponeMail(sql, { id, attempts, lastError, dueAt }))
}

/**
 * Sends one mail, if one is due. A process that dies between the server's answer and the note that it is sent
 * leaves a mail that is sent again when the lease ends, under the same Message-ID; no order of the two can do better.
 */
async function sendNext(work: Work): Promise<'NONE' | 'SENT' | 'FAILED'> {
  const { db, mailer, now } = work
  const claim = await claimed(work)
  if (!claim) return 'NONE'
  try {
    await mailer.send(composed(claim, work))
  } catch (error) {
    await fail(work, claim, error)
    return 'FAILED'
  }
  const { id } = claim.mail
  await db.write((sql) => settleMail(sql, { id, state: 'SENT', lastError: null, at: now() }))
  return 'SENT'
}

/** So many failures in a row are the server's, not the mails': the rest keeps its place until the next round. */
const failuresMax = 3

/** Sends what is due, one mail after the other. Gives how many were sent. */
export async function sendDueMails(options: Options, signal?: AbortSignal): Promise<number> {
  const work = workOf(options)
  let sent = 0
  let failures = 0
  while (failures < failuresMax && !signal?.aborted) {
    const outcome = await sendNext(work)
    if (outcome === 'NONE') break
    if (outcome === 'SENT') sent += 1
    failures = outcome === 'SENT' ? 0 : failures + 1
  }
  return sent
}

/** Deletes mails that were settled 30 days ago. */
export async function forgetOldMails({ sql, now }: Pick<Options, 'sql' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - keptMs)
  const takeBatch = () =>
    database(sql, systemContext).write((tx) => sweepMails(tx, before, batchSize))
  while ((await takeBatch()) === batchSize);
}

/** Looks for due mails until it is stopped; `stop` waits for the mail in hand. Many processes may run one. */
export function startMailWorker(options: Options & { readonly everyMs: number }) {
  const { log, everyMs } = options
  const sending = startWorker({
    ...{ log, everyMs, trouble: 'Mails wait; trying again' },
    work: async (stopping) => {
      await sendDueMails(options, stopping)
      return false
    },
  })
  const sweeping = setInterval(() => {
    forgetOldMails(options).catch((error: unknown) => log.warn('Old mails stay', error))
  }, sweepEveryMs)
  return {
    stop: async () => {
      clearInterval(sweeping)
      await sending.stop()
    },
  }
}
