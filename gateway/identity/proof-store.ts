import { createHash } from 'node:crypto'
import { database, type Pool, systemContext } from '#kit/postgres'

/** Which proofs were used: each is good once. */
export type ProofStore = {
  /** False for a proof that was spent before, on whichever instance. */
  spend(proof: SpentProof): Promise<boolean>
}

export type SpentProof = {
  /** The thumbprint of the key, and the id that its owner gave to the proof. */
  readonly thumbprint: string
  readonly id: string
  /** From then on nobody would accept the proof anyway. */
  readonly until: Date
}

const sweptAtOnce = 100

const hashOf = ({ thumbprint, id }: SpentProof) =>
  createHash('sha256').update(`${thumbprint} ${id}`).digest()

/** Shared by all instances, in `gateway.proof`. Throws UNAVAILABLE without a database. */
export function proofsIn(sql: Pool, now: () => Date): ProofStore {
  const db = database(sql, systemContext)
  return {
    spend: (proof) =>
      db.write(async (tx) => {
        const row = { hash: hashOf(proof), expiresAt: proof.until }
        const spent = await tx`
          insert into gateway.proof ${tx(row)}
          on conflict do nothing
          returning 1`
        // A few at a time, with each proof: the table stays as long as a minute's proofs.
        await tx`
          delete from gateway.proof
          where hash in (
            select hash from gateway.proof
            where expires_at < ${now()}
            order by expires_at
            limit ${sweptAtOnce}
            for update skip locked
          )`
        return spent.length > 0
      }),
  }
}

/** Of this process alone, where it is the only one. */
export function proofsInMemory(now: () => Date): ProofStore {
  const spent = new Map<string, number>()
  return {
    spend: async (proof) => {
      for (const [key, until] of spent) {
        if (until > now().getTime()) break
        spent.delete(key)
      }
      const key = hashOf(proof).toString('base64')
      if (spent.has(key)) return false
      spent.set(key, proof.until.getTime())
      return true
    },
  }
}
