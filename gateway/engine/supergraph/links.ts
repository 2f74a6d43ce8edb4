import type { DocumentNode } from 'graphql'
import { z } from 'zod'
import { isSchemaNode, usesOf } from './directives.ts'

const Imported = z.union([z.string(), z.object({ name: z.string(), as: z.string().optional() })])

const LinkArguments = z.object({
  url: z.string().default(''),
  as: z.string().optional(),
  for: z.string().optional(),
  import: z.array(Imported).default([]),
})

/** One feature that a supergraph uses. Source: specs.apollo.dev/link/v1.0. */
export type Link = {
  readonly url: string
  /** `join` of `https://specs.apollo.dev/join/v0.3`. */
  readonly feature: string
  /** Null for a URL that names none. */
  readonly version: Version | null
  /** What the document calls the feature. */
  readonly name: string
  /** What its author wants known by everybody who executes it: `SECURITY` or `EXECUTION`. */
  readonly purpose: string | null
  readonly imports: readonly { readonly name: string; readonly as: string }[]
}

export type Version = { readonly major: number; readonly minor: number }

/** Every feature, in the words of Federation 2 (`@link`) or of Federation 1 (`@core`). */
export function linksIn({ definitions }: DocumentNode): Link[] {
  const nodes = definitions.filter(isSchemaNode)
  const links = nodes.flatMap((node) => usesOf(node, 'link'))
  // Source: specs.apollo.dev/core/v0.2, whose features have no imports.
  const cores = nodes.flatMap((node) =>
    usesOf(node, 'core').map(({ feature, ...rest }) => ({ ...rest, url: feature })),
  )
  return [...links, ...cores].map((given) => linkFrom(LinkArguments.parse(given)))
}

const versionPattern = /^v(\d+)\.(\d+)$/

function linkFrom(given: z.infer<typeof LinkArguments>): Link {
  const parts = given.url.split('/').filter(Boolean)
  const [, major, minor] = versionPattern.exec(parts.at(-1) ?? '') ?? []
  const feature = parts.at(major === undefined ? -1 : -2) ?? ''
  return {
    url: given.url,
    feature,
    version: major === undefined ? null : { major: Number(major), minor: Number(minor) },
    name: given.as ?? feature,
    purpose: given.for ?? null,
    imports: given.import.map((entry) =>
      typeof entry === 'string'
        ? { name: entry, as: entry }
        : { name: entry.name, as: entry.as ?? entry.name },
    ),
  }
}

export const isNewer = (version: Version, than: Version): boolean =>
  version.major > than.major || (version.major === than.major && version.minor > than.minor)
