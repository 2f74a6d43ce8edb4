/** Every error code a client can receive. `http`: status if all fails. `retry`: the same call may succeed later. */
export const errorCodes = {
  BAD_REQUEST: { http: 400, retry: false },
  GRAPHQL_PARSE_FAILED: { http: 400, retry: false },
  GRAPHQL_VALIDATION_FAILED: { http: 400, retry: false },
  BAD_USER_INPUT: { http: 400, retry: false },
  DOCUMENT_TOO_COMPLEX: { http: 400, retry: false },
  IDEMPOTENCY_MISMATCH: { http: 422, retry: false },
  UNAUTHENTICATED: { http: 401, retry: false },
  FORBIDDEN: { http: 403, retry: false },
  UNAUTHORIZED_FIELD_OR_TYPE: { http: 403, retry: false },
  CSRF: { http: 403, retry: false },
  OPERATION_NOT_REGISTERED: { http: 403, retry: false },
  NOT_FOUND: { http: 404, retry: false },
  PERSISTED_QUERY_NOT_FOUND: { http: 404, retry: false },
  METHOD_NOT_ALLOWED: { http: 405, retry: false },
  UNKNOWN_VERSION: { http: 406, retry: false },
  CONFLICT: { http: 409, retry: false },
  IDEMPOTENCY_IN_FLIGHT: { http: 409, retry: true },
  OPERATION_RETIRED: { http: 410, retry: false },
  EVENTS_MISSED: { http: 410, retry: false },
  BODY_TOO_LARGE: { http: 413, retry: false },
  RATE_LIMITED: { http: 429, retry: true },
  INTERNAL: { http: 500, retry: false },
  UNAVAILABLE: { http: 503, retry: true },
  TIMEOUT: { http: 504, retry: true },
} as const satisfies Record<string, { http: number; retry: boolean }>

export type ErrorCode = keyof typeof errorCodes
