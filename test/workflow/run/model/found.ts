// What random runs have found wrong once, by the property that it broke: tried each time.
import type { Scenario } from "./scenario.ts"

type Command = Scenario["steps"][number]["commands"][number]

const quiet = {
  failsAt: 9,
  faults: [],
  rivals: [],
  interrupted: undefined,
  interruptedLater: undefined,
  others: []
} satisfies Partial<Scenario>
const facts = { lane: "a", at: 0, value: 1, note: undefined, isMany: false } as const
const step = (...commands: ReadonlyArray<Command>): Scenario["steps"][number] => ({
  isNamed: false,
  isSideBySide: false,
  commands: [...commands]
})

/**
 * Somebody puts a rule into a policy, or describes it, before it is taken back; members of several groups are taken back; what was
 * written of a policy that names its default action in part; and somebody renames a member of a group twice.
 */
export const leftAndUndone: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [false, true],
    steps: [
      step({ ...facts, list: "fdmGroups", verb: "create", lane: "b", at: 1, value: 4 }),
      step({ ...facts, list: "hosts", verb: "create" })
    ],
    failsAt: 1,
    rivals: [{ act: { how: "rename", which: 23, value: 1 }, when: "undo", at: 0 }]
  },
  {
    ...quiet,
    chosen: [false, false],
    steps: [
      step({ ...facts, list: "policies", verb: "create" }, { ...facts, list: "hosts", verb: "create" })
    ],
    failsAt: 1,
    rivals: [{ act: { how: "add", which: 0, value: 5 }, when: "undo", at: 3 }]
  },
  {
    ...quiet,
    chosen: [false, false],
    steps: [
      step({ ...facts, list: "policies", verb: "create" }, { ...facts, list: "hosts", verb: "create" }),
      step({ ...facts, list: "hosts", verb: "create" })
    ],
    failsAt: 1,
    rivals: [{ act: { how: "add", which: 0, value: 5 }, when: "undo", at: 6 }]
  },
  {
    ...quiet,
    chosen: [false, false],
    steps: [step({ ...facts, list: "policies", verb: "create" })],
    rivals: [{ act: { how: "change", which: 0, value: 5 }, when: "end", at: 0 }]
  },
  {
    ...quiet,
    chosen: [true, false],
    steps: [step({ ...facts, list: "policies", verb: "respell" })],
    rivals: [{ act: { how: "change", which: 4, value: 5 }, when: "end", at: 0 }]
  },
  {
    ...quiet,
    chosen: [false, true],
    steps: [
      step({ ...facts, list: "groups", verb: "createAll" }),
      step(
        { ...facts, list: "special", verb: "addMembers", lane: "b" },
        { ...facts, list: "special", verb: "addMembers" }
      )
    ],
    failsAt: 3
  },
  {
    ...quiet,
    chosen: [false, true],
    steps: [
      step({ ...facts, list: "policies", verb: "upsertAll", lane: "b" }),
      step({ ...facts, list: "policies", verb: "update", lane: "b", at: 1, note: "one" })
    ],
    failsAt: 2
  }
]

/** A change, and a deployment, that have nothing to do, before what would give them something. */
export const leftAndResumed: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [false, true],
    steps: [
      step({ ...facts, list: "special", verb: "removeMembers", lane: "b", value: 2 }),
      step({ ...facts, list: "groups", verb: "create" })
    ],
    failsAt: 2
  },
  {
    ...quiet,
    chosen: [false, false],
    steps: [
      step({ ...facts, list: "special", verb: "deploy" }, { ...facts, list: "hosts", verb: "create" }),
      step({ ...facts, list: "hosts", verb: "create", at: 1 })
    ],
    failsAt: 1
  }
]

/** The later of two workflows has removed what the earlier one has created, one or several, and is undone first. */
export const stacked: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [false, false],
    steps: [step({ ...facts, list: "hosts", verb: "create" })],
    others: [step({ ...facts, list: "hosts", verb: "remove" })]
  },
  {
    ...quiet,
    chosen: [false, false],
    steps: [step({ ...facts, list: "hosts", verb: "upsertAll" })],
    others: [step({ ...facts, list: "hosts", verb: "remove" })]
  }
]

/** An override that is changed, and removed. */
export const planned: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [true, false],
    steps: [
      step(
        { ...facts, list: "special", verb: "override", value: 2 },
        { ...facts, list: "special", verb: "noOverride" }
      )
    ],
    failsAt: 1
  }
]

/**
 * What one has created and renamed, the other one has given its name back, and takes that back before; one sets an override
 * while the other has renamed the object.
 */
export const interleaved: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [false, false],
    steps: [
      step(
        { ...facts, list: "hosts", verb: "upsertAll", lane: "b", note: "one", isMany: true },
        { ...facts, list: "hosts", verb: "create" }
      ),
      step({ ...facts, list: "special", verb: "addMembers" })
    ],
    failsAt: 1,
    others: [
      step(
        { ...facts, list: "hosts", verb: "create", lane: "b" },
        { ...facts, list: "hosts", verb: "rename", lane: "b" }
      )
    ]
  },
  {
    ...quiet,
    chosen: [true, false],
    steps: [
      step({ ...facts, list: "special", verb: "deploy" }, { ...facts, list: "hosts", verb: "create" }),
      step({ ...facts, list: "hosts", verb: "rename", lane: "b", at: 1 }),
      step({ ...facts, list: "hosts", verb: "create" })
    ],
    failsAt: 2,
    others: [
      step(
        { ...facts, list: "hosts", verb: "upsertAll", lane: "b" },
        { ...facts, list: "special", verb: "override", lane: "b", at: 1 }
      )
    ]
  }
]

/** Somebody removes what a run has created before it is resumed, which creates it anew, and sets an override of that. */
export const resumedAmongOthers: ReadonlyArray<Scenario> = [
  {
    ...quiet,
    chosen: [false, false],
    steps: [
      step({ ...facts, list: "hosts", verb: "createAll", lane: "b" }),
      step({ ...facts, list: "hosts", verb: "create", lane: "b", at: 1 })
    ],
    failsAt: 1,
    rivals: [
      { act: { how: "override", which: 33, value: 1 }, when: "undo", at: 0 },
      { act: { how: "remove", which: 9, value: 1 }, when: "end", at: 0 }
    ]
  }
]
