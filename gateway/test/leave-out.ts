import type { Guard, Without } from '../identity/guards.ts'

/** The same gateway without these guards: what they stop must succeed there. */
export const leaveOut = (...guards: readonly Guard[]): Without =>
  // The brand is what keeps everything but a test from making one.
  new Set(guards) as ReadonlySet<Guard> as Without
