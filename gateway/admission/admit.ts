import type { DocumentNode } from 'graphql'
import { admittedDocument, type Limits } from '#kit/document/limits'
import type { Exchange } from '../exchange.ts'
import { isExplorer } from '../graph.ts'
import { createRecent } from '../recent.ts'
import type { Quota } from './quota.ts'

export type AdmissionDeps = {
  readonly limits: { readonly outsider: Limits; readonly explorer: Limits }
  readonly quota: Quota
}

export type Admission = {
  /** The parsed document. Throws as `admittedDocument` does, by the limits of this caller. */
  documentOf(text: string, exchange: Exchange): DocumentNode
  /** True for what was admitted for such a caller before: it need not be looked at again. */
  hasAdmitted(text: string, exchange: Exchange): boolean
}

const documentsMax = 500
const bytesMax = 32 * 1_048_576
/** What a parsed document takes for each character of its text, measured. */
const bytesPerCharacter = 60

export function createAdmission({ limits }: Pick<AdmissionDeps, 'limits'>): Admission {
  const outsider = remembering(limits.outsider)
  const explorer = remembering(limits.explorer)
  const memoryOf = (exchange: Exchange) => (isExplorer(exchange) ? explorer : outsider)
  return {
    documentOf: (text, exchange) => memoryOf(exchange).of(text),
    hasAdmitted: (text, exchange) => memoryOf(exchange).peek(text) !== undefined,
  }
}

function remembering(limits: Limits) {
  const bytesOf = (_: DocumentNode, text: string) => text.length * bytesPerCharacter
  const recent = createRecent<string, DocumentNode>(documentsMax, { bytesMax, bytesOf })
  return {
    of: (text: string) => recent.of(text, () => admittedDocument(text, limits)),
    peek: recent.peek,
  }
}
