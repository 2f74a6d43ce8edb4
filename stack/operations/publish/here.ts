import { connect } from '#kit/postgres'
import { configFrom } from '../../../subgraphs/auth/config.ts'
import { createCatalog } from '../../../subgraphs/auth/operation/catalog.ts'
import { contractsIn } from '../../../subgraphs/auth/operation/contracts.ts'
import { publishAsHouse } from '../../../subgraphs/auth/operation/house.ts'
import type { Environment } from '../../environment.ts'
import { Answer } from './answer.ts'
import type { Publication } from './publication.ts'

/**
 * Publishes in the database that this environment of `auth` names, as the platform itself does when
 * it starts: for whoever runs it, with nobody's credentials.
 */
export async function publishHere(
  env: Environment,
  { client, version, texts }: Publication,
): Promise<Answer> {
  const { database, operations } = configFrom(env)
  const sql = connect({ ...database, service: 'auth', max: 1 })
  const catalog = createCatalog(contractsIn(operations.folder), operations)
  try {
    const draft = { clientName: client, clientVersion: version, operations: [...texts] }
    const answer = await publishAsHouse({ sql, catalog, now: () => new Date() }, draft)
    return Answer.parse(answer)
  } finally {
    await sql.end()
  }
}
