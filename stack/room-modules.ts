import type { SubgraphName } from '#schema/subgraphs'

/**
 * The files of a subgraph by its name, so that a row in `schema/subgraphs.ts` is all that a new one
 * needs. An image has them in one file: its builder writes these imports out, one for each row.
 */
export async function roomModules(name: SubgraphName) {
  const folder = `../subgraphs/${name}`
  return { config: await import(`${folder}/config.ts`), app: await import(`${folder}/app.ts`) }
}
