import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { k3sFolder } from '../render/overlay.ts'

export const stackFolder = join(k3sFolder, 'components/observability/rooms/stack')
const rulesFolder = join(stackFolder, 'prometheus/rules')
const casesFolder = join(import.meta.dirname, 'alerts')

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.string(), area: z.string().optional() }),
          annotations: z.strictObject({ summary: z.string().min(10), runbook_url: z.url() }),
        }),
      ),
    }),
  ),
})

const Cases = z.object({
  rule_files: z.array(z.string()),
  tests: z.array(
    z.object({
      name: z.string(),
      promql_expr_test: z.array(z.object({ exp_samples: z.array(z.unknown()) })),
    }),
  ),
})

export type AlertRule = z.infer<typeof Rules>['groups'][number]['rules'][number]

const yamlIn = (folder: string) =>
  readdirSync(folder).map((name) => ({
    name,
    value: parse(readFileSync(join(folder, name), 'utf8')),
  }))

/** The files that promtool reads: one an area, of alerts and of their cases. */
export const areas: readonly string[] = readdirSync(rulesFolder)
export const rulesFile = (area: string) => join(rulesFolder, area)
export const casesFile = (area: string) => join(casesFolder, area)

/** Every alert, by the file that it is in. */
export const alertRules = (): { area: string; rule: AlertRule }[] =>
  yamlIn(rulesFolder).flatMap(({ name, value }) =>
    Rules.parse(value).groups.flatMap(({ rules }) => rules.map((rule) => ({ area: name, rule }))),
  )

/** What promtool tries: for each alert how often it has to fire, and how often not. */
export const alertCases = () =>
  yamlIn(casesFolder).flatMap(({ name: area, value }) =>
    Cases.parse(value).tests.map(({ name, promql_expr_test: looks }) => ({
      ...{ area, alert: name },
      fires: looks.filter(({ exp_samples }) => exp_samples.length > 0).length,
      silent: looks.filter(({ exp_samples }) => exp_samples.length === 0).length,
    })),
  )
