type Family = { readonly described: Set<string>; readonly samples: string[] }

const newFamily = (): Family => ({ described: new Set(), samples: [] })

/** One scrape of several services: each metric is described once, then come the samples of all. */
export function mergedMetrics(texts: readonly string[]): string {
  const families = new Map<string, Family>()
  for (const text of texts) {
    let family = newFamily()
    for (const line of text.split('\n').filter(Boolean)) {
      const [, name] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? []
      if (!name) {
        family.samples.push(line)
        continue
      }
      family = families.get(name) ?? newFamily()
      families.set(name, family)
      family.described.add(line)
    }
  }
  return [...families.values()]
    .map(({ described, samples }) => `${[...described, ...samples].join('\n')}\n`)
    .join('\n')
}
