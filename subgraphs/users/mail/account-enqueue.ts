import { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import { letterKinds } from '#kit/letter'
import type { Log } from '#kit/log'
import type { Pool, Sql } from '#kit/postgres'
import { insertAccountMail } from './queries.ts'

const LetterRequested = z.object({
  personId: z.uuid(),
  kind: z.enum(letterKinds),
  sealedToken: z.base64url().nullable(),
  expiresAt: z.iso.datetime().nullable(),
})

/** A link that is over by now helps nobody. */
const isOver = (expiresAt: string | null, now: Date) =>
  expiresAt !== null && new Date(expiresAt) <= now

async function enqueue(sql: Sql, { id, payload }: BusEvent, now: Date) {
  const { personId, kind, sealedToken, expiresAt } = LetterRequested.parse(payload)
  if (isOver(expiresAt, now)) return
  await insertAccountMail(sql, {
    eventId: id,
    recipientId: personId,
    kind,
    sealedToken: sealedToken === null ? null : Buffer.from(sealedToken, 'base64url'),
    linkEndsAt: expiresAt === null ? null : new Date(expiresAt),
    createdAt: now,
  })
}

/** Every letter that `auth` asks for becomes a mail, once. */
export const consumeLetters = ({ sql, bus, log, now }: Options) =>
  consume({
    ...{ bus, sql, log },
    consumer: 'users.account-mail',
    topics: ['auth.letter-requested'],
    handle: (tx, event) => enqueue(tx, event, now()),
  })

type Options = { sql: Pool; bus: Bus; log: Log; now: () => Date }
