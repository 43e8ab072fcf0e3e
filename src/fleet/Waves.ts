import * as Share from "./Share.ts"

/** `WaveOptions` say in which order a fleet's devices are come to. */
export interface WaveOptions {
  /**
   * `canary` are the devices that come first: how many, which part of the whole, or their names. All of them have to be
   * done before any other is begun.
   *
   * @default none
   */
  readonly canary?: Share.Share | ReadonlyArray<string> | undefined
  /**
   * `waves` are how many devices come then, wave by wave, in numbers or parts of the whole: `[1, 5, "25%"]`. The last one
   * repeats until all have come. Each wave is over, and well, before the next one begins.
   *
   * @default all in one wave
   */
  readonly waves?: Share.Share | ReadonlyArray<Share.Share> | undefined
}

/** `Wave` is a wave of a fleet: which of its devices, by their places from 0. */
export interface Wave {
  readonly from: number
  /** `to` is the place behind its last one. */
  readonly to: number
  readonly isCanary: boolean
}

/** `sizeOf` is how many devices a wave has. */
export const sizeOf = ({ from, to }: Wave): number => to - from

/** `numberAt` is the wave in which the device at a place comes, from 1. */
export const numberAt = (waves: ReadonlyArray<Pick<Wave, "to">>, place: number): number =>
  waves.findIndex(({ to }) => place < to) + 1

/** `plan` gives the waves of so many devices, the canary first: `canary` counts its devices. */
export const plan = (
  count: number,
  canary: number,
  waves: ReadonlyArray<Share.Share>
): ReadonlyArray<Wave> => {
  const planned: Array<Wave> = []
  const add = (size: number, isCanary: boolean) => {
    const from = planned.at(-1)?.to ?? 0
    const to = Math.min(count, from + size)
    if (to > from) planned.push({ from, to, isCanary })
    return to
  }
  let reached = add(canary, true)
  for (let at = 0; reached < count; at += 1) {
    const share = waves[Math.min(at, waves.length - 1)]
    reached = add(share === undefined ? count : Math.max(1, Share.fewer(share, count)), false)
  }
  return planned
}
