import { useSyncExternalStore } from 'react'

/** A value of the whole page, that what is shown follows. */
export type Store<Value> = {
  get(): Value
  set(value: Value): void
  subscribe(changed: () => void): () => void
}

export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      value = next
      for (const changed of [...listeners]) changed()
    },
    subscribe: (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}

export const useStore = <Value>({ subscribe, get }: Store<Value>): Value =>
  useSyncExternalStore(subscribe, get)
