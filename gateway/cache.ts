import { AppError } from '#kit/errors'
import { errorCodes } from '#schema/errors'
import { type Bounds, createLru } from './lru.ts'

/** What takes time to make, made once for everybody who asks. */
export type Cache<Key, Value> = {
  /**
   * The value under the key. Whoever asks while it is being made gets the same promise. A refusal
   * is remembered as well, unless trying again may help.
   */
  of(key: Key, make: () => Promise<Value>): Promise<Value>
  /** The value if it is there already; undefined otherwise, and for a refusal. */
  peek(key: Key): Value | undefined
  /** All that is held now: values, and refusals. */
  held(): { readonly entries: number; readonly bytes: number; readonly refusals: number }
}

type CacheOptions<Key, Value> = Bounds & {
  /** An estimate is enough. */
  readonly bytesOf: (value: Value, key: Key) => number
  /** Of refusals; they never take the place of a value. */
  readonly refusalsMax?: number
  /** True for an error that comes again for the same key. */
  readonly isLasting?: (error: unknown) => boolean
}

const refusalsUsual = 500
/** Room for the error with its source and stack. */
const refusalBytes = 4_096

/** False for what had no time, was broken off or may be there in a moment. */
export const isLastingError = (error: unknown): boolean => {
  if (error instanceof AppError) return !errorCodes[error.code].retry
  return !(error instanceof DOMException) || !['AbortError', 'TimeoutError'].includes(error.name)
}

type Kept<Value> = { readonly value: Value; readonly promise: Promise<Value> }

export function createCache<Key, Value>(options: CacheOptions<Key, Value>): Cache<Key, Value> {
  const { bytesOf, bytesMax, refusalsMax = refusalsUsual, isLasting = isLastingError } = options
  const values = createLru<Key, Kept<Value>>(options)
  const refusals = createLru<Key, Promise<Value>>({ entriesMax: refusalsMax, bytesMax })
  const pending = new Map<Key, Promise<Value>>()

  const begin = (key: Key, make: () => Promise<Value>) => {
    // A `make` that throws at once rejects like one that throws later.
    const promise = (async () => make())()
    pending.set(key, promise)
    promise.then(
      (value) => {
        pending.delete(key)
        values.set(key, { value, promise }, bytesOf(value, key))
      },
      (error: unknown) => {
        pending.delete(key)
        if (isLasting(error)) refusals.set(key, promise, refusalBytes + String(key).length * 2)
      },
    )
    return promise
  }
  return {
    of: (key, make) =>
      values.get(key)?.promise ?? pending.get(key) ?? refusals.get(key) ?? begin(key, make),
    peek: (key) => values.get(key)?.value,
    held: () => ({ ...values.held(), refusals: refusals.held().entries }),
  }
}
