import type { Mutant } from "./mutants.ts"

const acquiring = "src/auth/session/SharedAcquire.ts"
const file = "src/auth/store/TokenFile.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "gives the sessions of a command line no store",
    file: "src/commandline/Obeying.ts",
    from: "TokenStore.TokenStore, tokenStore)",
    to: "TokenStore.TokenStore, TokenStore.memory)",
    tests: ["commandline/commands.test.ts: calls that follow each other share a login"]
  },
  {
    name: "renews without reading again what another process has put there",
    file: acquiring,
    from: "const found = yield* locked.read",
    to: "const found = undefined as TokenStore.StoredToken | undefined",
    tests: [
      "auth/store/DiskStore.test.ts: lets one session renew for all: the others take over what they find",
      "auth/sharing.model.test.ts: keep their promises under any sequence of events"
    ]
  },
  {
    name: "lets two processes have one slot at a time",
    file: "src/auth/store/FileLock.ts",
    from: "while (!(await tryLink(mine, path)))",
    to: "while (!(await tryLink(mine, path)) && Math.random() < 0.5)",
    tests: [
      "auth/store/processes.test.ts: is one process's at a time: four that count together lose no number"
    ]
  },
  {
    name: "does not write down that a refresh has begun",
    file: acquiring,
    from: "yield* locked.write({ ...refreshes, refreshing: true })",
    to: "yield* locked.write(refreshes)",
    tests: ["auth/sharing.model.test.ts: keep their promises under any sequence of events"]
  },
  {
    name: "uses a refresh token that may be used up",
    file: acquiring,
    from: "stored?.refreshing === true ||",
    to: "",
    tests: [
      "auth/store/DiskStore.test.ts: logs in where a refresh was begun whose end nobody knows",
      "auth/sharing.model.test.ts: keep their promises under any sequence of events"
    ]
  },
  {
    name: "puts the token of another account into the place of the first",
    file: acquiring,
    from: "if (held.username !== username) return acquired",
    to: "",
    tests: [
      "auth/store/DiskStore.test.ts: credentials that become another account's end the sharing",
      "auth/sharing.model.test.ts: keep their promises under any sequence of events"
    ]
  },
  {
    name: "goes on by the store after it had to do without it",
    file: "src/auth/session/SharedTokenSource.ts",
    from: "const goDirect = Ref.set(current, direct.acquire)",
    to: "const goDirect = Effect.void",
    tests: ["auth/store/DiskStore.test.ts: credentials that become another account's end the sharing"]
  },
  {
    name: "waits for the lock of a process that was killed",
    file: "src/auth/store/ProcessIdentity.ts",
    from: 'return Object(error).code === "ESRCH"',
    to: "return false",
    tests: ["auth/store/processes.test.ts: survives processes that are killed at any moment"]
  },
  {
    name: "trusts the token of somebody else",
    file,
    from: "if (!isSameKey(content.key, key))",
    to: "if (!isSameKey(content.key, content.key))",
    tests: ["auth/store/TokenFile.test.ts: is set aside, told and never used when it is"]
  },
  {
    name: "leaves a token that nobody holds any more without a logout",
    file: "src/auth/session/SharedRelease.ts",
    from: 'slot.whenLastCloses === "logOut" || isDead',
    to: "isDead",
    tests: [
      "auth/store/DiskStore.test.ts: the last one out logs out",
      "auth/sharing.model.test.ts: keep their promises under any sequence of events"
    ]
  },
  {
    name: "writes a file that others can read",
    file,
    from: "RegularFile.createFlags, 0o600)",
    to: "RegularFile.createFlags, 0o644)",
    tests: ["auth/store/DiskStore.test.ts: writes files that only their user can read"]
  },
  {
    name: "uses a file that others could read or write",
    file,
    from: "if (hasModes(mode, 0o077))",
    to: "if (hasModes(mode, 0))",
    tests: ["auth/store/TokenFile.test.ts: is set aside, told and never used when it is"]
  },
  {
    name: "counts a session that has closed on a full disk among those that use its login",
    file: "src/auth/store/DiskStore.ts",
    from: "if (left.has(holder)) return false",
    to: "",
    tests: ["auth/store/TokenFile.test.ts: that is full when a session cannot log out"]
  }
]
