import { createVault } from '#kit/vault'
import { dataOf } from '../../../stack/testing/subgraph.ts'
import { until } from '../../../stack/testing/system.ts'
import { type Graph, letterKey } from './graph.ts'
import { solved } from './work.ts'

/** Asks the graph for work and does it. */
export async function proofFrom(graph: Graph): Promise<string> {
  const answer = await graph.as(null, '{ proofOfWork { challenge difficulty } }')
  return solved(
    dataOf<{ proofOfWork: { challenge: string; difficulty: number } }>(answer).proofOfWork,
  )
}

/** Waits until everything that was asked for is done. */
export const settled = ({ admin }: Graph) =>
  until(async () => {
    const [row] = await admin`select 1 from auth.account_request limit 1`
    return row === undefined
  })

type Letter = { kind: string; sealedToken: string | null; expiresAt: string | null }

/** What was asked to be written to somebody, the oldest first. */
export async function lettersTo({ admin }: Graph, personId: string): Promise<Letter[]> {
  const rows = await admin<{ payload: Letter }[]>`
    select payload
    from auth.outbox
    where topic = 'auth.letter-requested' and entity_id = ${personId}
    order by id`
  return rows.map(({ payload }) => payload)
}

/** The token in the newest letter of a kind, opened as `users` does. */
export async function tokenTo(graph: Graph, personId: string, kind: string): Promise<string> {
  const letter = (await lettersTo(graph, personId)).findLast((one) => one.kind === kind)
  const sealed = Buffer.from(letter?.sealedToken ?? '', 'base64url')
  return createVault([letterKey]).open(sealed, `letter ${kind} ${personId}`) ?? ''
}
