/** What a failure that the caller can mend answers with; the body says the rest. */
const statuses: Readonly<Record<string, number>> = {
  VALIDATION: 422,
  WEAK_PASSWORD: 422,
  INVALID_CREDENTIAL: 401,
  INVALID_CODE: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  MANAGED_BY_PROVIDER: 409,
  HOLD_EXPIRED: 409,
  SLOT_TAKEN: 409,
  STALE_BOOKING: 409,
  STALE_VERSION: 409,
  RATE_LIMITED: 429,
}

/** The status of a member of a result that is a `UserError`, by its `code`. */
export const statusOfRefusal = (code: string): number => statuses[code] ?? 422
