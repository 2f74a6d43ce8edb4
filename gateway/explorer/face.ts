import { admittedDocument, explorerLimits } from '#kit/document/limits'
import type { Pool } from '#kit/postgres'
import type { Face } from '../operations/faces.ts'
import { answerPlan, type PlanDeps, planPath } from './plan.ts'
import { savedOperationsIn } from './saved-operations.postgres.ts'
import { answerSavedOperations, savedOperationsPath } from './saved-operations-face.ts'

export type ExplorerDeps = Omit<PlanDeps, 'documentOf'> & { readonly sql: Pool }

/** What the explorer's plugins ask the gateway, beside the graph itself. */
export function explorerFace({ sql, ...planning }: ExplorerDeps): Face {
  const documentOf = (text: string) => admittedDocument(text, explorerLimits)
  const plan = answerPlan({ ...planning, documentOf })
  const saved = answerSavedOperations(savedOperationsIn(sql))
  return {
    owns: (path) => path === planPath || isSaved(path),
    handle: (exchange) => (exchange.url.pathname === planPath ? plan(exchange) : saved(exchange)),
  }
}

const isSaved = (path: string) =>
  path === savedOperationsPath || path.startsWith(`${savedOperationsPath}/`)
