import {
  type ConstDirectiveNode,
  type DocumentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql'
import { type Contract, contractNamed, contracts } from '#schema/contracts'
import { type Role, roles, scopesOf } from '#schema/scopes'
import { ContractError, type Contracts, contractsOf } from '../../gateway/contract-graph.ts'
import { permits, type Rules, rulesOf } from '../../gateway/engine/authorize/rules.ts'
import { usesOf } from '../../gateway/engine/supergraph/directives.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'

/**
 * The text of every contract of a composed graph. Throws ContractError when one leaks, when a tag
 * means nothing, or when a contract shows what none of its callers may read.
 */
export function contractTexts(text: string): { contract: Contract; text: string }[] {
  const supergraph = supergraphFrom(text)
  const made = contractsOf(supergraph)
  const faults = [...strayTags(supergraph.document), ...shownInVain(made, rulesOf(supergraph))]
  if (faults.length > 0) throw new ContractError(faults)
  return contracts.map((contract) => ({ contract, text: made.sdlOf(contract) ?? '' }))
}

/** Said of a root field without a rule that is in no contract but the usual one. */
const openTag = 'open'

const within = new Set<string>([Kind.INPUT_VALUE_DEFINITION, Kind.ENUM_VALUE_DEFINITION])

/** What a field takes, and values, are in a contract with what leads to them. */
function strayTags(document: DocumentNode): string[] {
  const faults: string[] = []
  const place: string[] = []
  visit(document, {
    enter: (node) => {
      if (!('directives' in node) || !('name' in node) || !node.name) return
      place.push(node.name.value)
      // In a schema every value is a constant.
      const directives = node.directives as readonly ConstDirectiveNode[]
      for (const { name } of usesOf({ directives }, 'tag'))
        if (within.has(node.kind) || !isKnown(name))
          faults.push(`${place.join('.')} has the tag "${name}", which means nothing there.`)
    },
    leave: (node) => {
      if ('directives' in node && 'name' in node && node.name) place.pop()
    },
  })
  return faults
}

const isKnown = (tag: unknown) => tag === openTag || contractNamed(String(tag)) !== undefined

/** Who has which contract at least, beside staff, who have them all. */
const callers: readonly (readonly [Contract, readonly Role[]])[] = [
  ['public', []],
  ['partner', ['PARTNER_APP']],
  ['app', roles.filter((role) => role !== 'SUPPORT' && role !== 'ADMIN')],
]

function shownInVain({ schemaOf }: Contracts, rules: Rules): string[] {
  return callers.flatMap(([contract, held]) => {
    const variants = held.map((role) => ({
      ...{ authenticated: true, scopes: scopesOf([role]), policies: new Set(['acr2']) },
    }))
    return fieldsOf(schemaOf(contract))
      .filter((field) => {
        const rule = rules.get(field)
        return rule && !variants.some((variant) => permits(rule, variant))
      })
      .map((field) => `${field} is in the contract "${contract}", whose callers may not read it.`)
  })
}

const fieldsOf = (schema: ReturnType<Contracts['schemaOf']>): string[] =>
  Object.values(schema?.getTypeMap() ?? {})
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
