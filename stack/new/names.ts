const javascript = `arguments async await break case catch class const continue debugger default delete do else enum
  eval export extends false finally for from function get if implements import in instanceof interface let new null
  of package private protected public return set static super switch this throw true try type typeof undefined var
  void while with yield`

const postgresql = `all analyse analyze and any array as asc asymmetric authorization between both cast check collate
  collation column concurrently constraint create cross current desc distinct except exists fetch foreign freeze
  full grant group having ilike initially inner intersect into is isnull join lateral leading left like limit natural
  not notnull offset on only or order outer overlaps placing primary references returning right row select similar
  some symmetric table tablesample then to trailing union unique user using values variadic verbose when where window`

/** What the generated files, GraphQL and the stack call things already. */
const ours = `app builder bus config context error gateway graph id information kit main migrations mutation node page
  plexus postgres provider query row schema scope service sql stack subscription template test viewer web`

const words = (text: string) => text.trim().split(/\s+/)
const reserved = new Set([javascript, postgresql, ours].flatMap(words))

/** Why a room or an entity cannot have this name; null when it can. */
export function nameFault(name: string): string | null {
  if (!/^[a-z]{3,20}$/.test(name)) {
    return 'Name the room in plural, 3 to 20 lower-case letters: bun run new reviews'
  }
  return reserved.has(name) ? `"${name}" means something already; take another name.` : null
}
