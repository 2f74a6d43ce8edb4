import { roles, scopesOf } from '#schema/scopes'
import { permits, type Rule, rulesOf } from '../../gateway/engine/authorize/rules.ts'
import { supergraphFrom } from '../../gateway/engine/supergraph/index.ts'

const intro = `# Who may have which field

Made by \`bun run schema\` from the rules in the supergraph and the roles in \`scopes.ts\`. A field that is not here is open to
whoever reaches it. \`2\` is for a session that has proven a second factor lately. What is one's own, and whose rows
are seen, the subgraphs and row-level security decide below this.
`

const levels = [
  ['x', new Set<string>()],
  ['2', new Set(['acr2'])],
] as const

/** Yes, yes at the second level, or no. */
function cellOf(rule: Rule, scopes: ReadonlySet<string>): string {
  const level = levels.find(([, policies]) =>
    permits(rule, { authenticated: true, scopes, policies }),
  )
  return level?.[0] ?? ''
}

/** The table of guarded fields and roles, as Markdown. */
export function accessTable(supergraph: string): string {
  const rules = [...rulesOf(supergraphFrom(supergraph))].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  const columns = roles.map((role) => ({ role, granted: scopesOf([role]) }))
  const lines = rules.map(
    ([field, rule]) =>
      `| \`${field}\` | ${columns.map(({ granted }) => cellOf(rule, granted)).join(' | ')} |`,
  )
  const head = `| field | ${columns.map(({ role }) => role).join(' | ')} |`
  const rule = `|---|${columns.map(() => ':-:').join('|')}|`
  return `${[intro, head, rule, ...lines].join('\n')}\n`
}
