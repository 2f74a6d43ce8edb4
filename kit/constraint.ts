import postgres from 'postgres'

/** The name of the constraint that refused a row (SQLSTATE class 23); null for any other error. */
export function violatedConstraint(error: unknown): string | null {
  if (!(error instanceof postgres.PostgresError) || !error.code.startsWith('23')) return null
  return error.constraint_name ?? null
}
