// One thing that may be open for a table, such as a question or a panel: kept outside React, by the table's model.
import { useSyncExternalStore } from 'react'
import type { TableModel } from '../table-model.ts'

export class Slot<T> {
  #held = new WeakMap<TableModel, T>()
  #listeners = new Set<() => void>()

  get(model: TableModel): T | null {
    return this.#held.get(model) ?? null
  }

  set(model: TableModel, value: T | null): void {
    if (value === null) this.#held.delete(model)
    else this.#held.set(model, value)
    this.#listeners.forEach((listener) => listener())
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export function useSlot<T>(slot: Slot<T>, model: TableModel): T | null {
  return useSyncExternalStore(slot.subscribe, () => slot.get(model))
}
