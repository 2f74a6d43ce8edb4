/**
 * CPU time of each gateway for the large operation, nothing shared, as a multiple of stitching on
 * Bun: what was measured when the goals were set, on a quiet machine.
 */
export const knownRatios: Readonly<Record<string, number>> = {
  'hive-rust-bun': 2.41 / 7.7,
  'hive-rust-node': 5.39 / 7.7,
  'hive-bun': 7.63 / 7.7,
  'hive-node': 15 / 7.7,
  apollo: 11.9 / 7.7,
}

/** A peer that is farther from its known ratio is not understood yet. */
export const ratioTolerance = 0.3

/** Of the renamed copy of the graph, against the one in the benchmark's own words. */
export const renamingTolerance = 0.15

/** A goal is kept by a value below it, or above it for those that say "at least". */
export type Goal = {
  readonly text: string
  readonly unit: string
  readonly bound: number
  readonly atLeast?: true
}

export const goals = {
  lessThanStitched: {
    text: 'less CPU than stitching, nothing shared',
    unit: 'times',
    bound: 8.4,
    atLeast: true,
  },
  lessThanHive: {
    ...{ text: 'less CPU than Hive Gateway with its Rust planner, both on Bun, nothing shared' },
    ...{ unit: 'times', bound: 2.6, atLeast: true },
  },
  none: { text: 'large operation, nothing shared', unit: 'CPU ms', bound: 0.92 },
  subgraph: { text: 'large operation, subgraph requests shared', unit: 'CPU ms', bound: 0.35 },
  client: { text: 'large operation, client requests shared', unit: 'CPU ms', bound: 0.13 },
  small: { text: 'one-fetch operation over HTTP', unit: 'CPU ms', bound: 0.05 },
  pure: { text: 'one-fetch operation, the engine alone in process', unit: 'CPU ms', bound: 0.02 },
  unseen: { text: 'large operation at first sight', unit: 'CPU ms', bound: 3 },
  start: { text: 'start to first answer', unit: 's', bound: 0.3 },
  idle: { text: 'idle memory', unit: 'MB', bound: 60 },
  renaming: { text: 'all names changed: difference', unit: '%', bound: 15 },
} as const satisfies Record<string, Goal>
